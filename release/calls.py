"""Calls of AWS's APIs, with the log-in that Pulumi's own provider finds.

botocore is loaded by the first call: a program that releases nothing does not wait for it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from release.errors import CloudError

CONNECT_TIMEOUT_S: Final = 5
READ_TIMEOUT_S: Final = 30
ATTEMPTS: Final = 8
"""With growing pauses, on throttling, lost connections and faults of the service."""

Answer = Mapping[str, Any]


class Calls:
    """One service of AWS in one region. Raises `CloudError`, also for a log-in that is none."""

    def __init__(self, service: str, region: str) -> None:
        self._service = service
        with self._explained("log-in"):
            self._client = _client(service, region)

    def ask(self, operation: str, /, **arguments: Any) -> Answer:
        """The answer of an operation such as `describe_rules`. Raises `CloudError`."""
        with self._explained(operation):
            found: Answer = getattr(self._client, operation)(**arguments)
        return found

    def pages(self, operation: str, key: str, /, **arguments: Any) -> Iterator[Any]:
        """Every item below `key` of every page. Raises `CloudError`."""
        with self._explained(operation):
            for page in self._client.get_paginator(operation).paginate(**arguments):
                yield from page.get(key, ())

    @contextmanager
    def _explained(self, operation: str) -> Iterator[None]:
        from botocore.exceptions import (  # type: ignore[import-untyped] # botocore has no types
            BotoCoreError,
            ClientError,
        )

        try:
            yield
        except (BotoCoreError, ClientError) as error:
            raise CloudError(f"{self._service}, {operation}: {error}") from error


def _client(service: str, region: str) -> Any:
    import botocore.session  # type: ignore[import-untyped]
    from botocore.config import Config  # type: ignore[import-untyped]

    config = Config(
        connect_timeout=CONNECT_TIMEOUT_S,
        read_timeout=READ_TIMEOUT_S,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        user_agent_extra="scipio-release",
    )
    return botocore.session.get_session().create_client(service, region_name=region, config=config)
