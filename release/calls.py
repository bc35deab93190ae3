"""Calls of AWS's APIs, with the log-in that Pulumi's own provider finds."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

# botocore ships no types.
import botocore.session  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]
from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]

from release.errors import CloudError

_CONFIG: Final = Config(
    connect_timeout=5,
    read_timeout=30,
    # Throttling and lost connections are tried again, with growing pauses.
    retries={"mode": "standard", "total_max_attempts": 8},
    user_agent_extra="scipio-release",
)

Answer = Mapping[str, Any]


class Calls:
    """One service of AWS in one region."""

    def __init__(self, service: str, region: str) -> None:
        self._service = service
        session = botocore.session.get_session()
        self._client = session.create_client(service, region_name=region, config=_CONFIG)

    def ask(self, operation: str, /, **arguments: Any) -> Answer:
        """The answer of an operation such as `describe_rules`. Raises `CloudError`."""
        try:
            found: Answer = getattr(self._client, operation)(**arguments)
        except (BotoCoreError, ClientError) as error:
            raise CloudError(f"{self._service}, {operation}: {error}") from error
        return found

    def pages(self, operation: str, key: str, /, **arguments: Any) -> Iterator[Any]:
        """Every item below `key` of every page. Raises `CloudError`."""
        try:
            for page in self._client.get_paginator(operation).paginate(**arguments):
                yield from page.get(key, ())
        except (BotoCoreError, ClientError) as error:
            raise CloudError(f"{self._service}, {operation}: {error}") from error
