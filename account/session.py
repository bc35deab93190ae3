"""The account as it is asked: clients of AWS that read, and what they say when they cannot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import boto3  # type: ignore[import-untyped] # it ships no types
import botocore.exceptions as refused  # type: ignore[import-untyped] # it ships no types
from botocore.config import Config  # type: ignore[import-untyped] # it ships no types
from botocore.parsers import (  # type: ignore[import-untyped] # it ships no types
    ResponseParserError,
)

from account.errors import AccountError, MissingError, UnansweredError

CONFIG: Final = Config(
    connect_timeout=5, read_timeout=20, retries={"mode": "standard", "max_attempts": 3}
)

DENIED: Final = {
    "AccessDenied",
    "AccessDeniedException",
    "UnauthorizedOperation",
    "AuthorizationError",
    "AuthorizationErrorException",
    "Client.UnauthorizedOperation",
}
NO_LOGIN: Final = {
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "SignatureDoesNotMatch",
    "AuthFailure",
}

LOG_IN = (
    "Log in (`aws sso login`, or `aws configure`), choose the profile by AWS_PROFILE, and try "
    "`aws sts get-caller-identity`."
)


@dataclass(frozen=True)
class Aws:
    """One account in one region, asked with the person's own credentials."""

    region: str
    session: Any = field(default_factory=boto3.Session)

    def ask(self, service: str, operation: str, **arguments: Any) -> Mapping[str, Any]:
        """The answer to one call; see `ask_all` for the errors."""
        client = self._client(service, str(arguments.pop("in_region", self.region)))
        with _Answering(service, operation):
            answer: Mapping[str, Any] = getattr(client, operation)(**arguments)
        return answer

    def ask_all(self, service: str, operation: str, key: str, **arguments: Any) -> list[Any]:
        """What stands under `key` in all pages of the answer.

        Raises `AccountError` without credentials or network, `UnansweredError` without the
        permission, `MissingError` when AWS says that there is no such thing.
        """
        client = self._client(service, str(arguments.pop("in_region", self.region)))
        found: list[Any] = []
        with _Answering(service, operation):
            if not client.can_paginate(operation):
                return list(getattr(client, operation)(**arguments).get(key) or [])
            for page in client.get_paginator(operation).paginate(**arguments):
                found += page.get(key) or []
        return found

    def _client(self, service: str, region: str) -> Any:
        with _Answering(service, "client"):
            return self.session.client(service, region_name=region, config=CONFIG)


class _Answering:
    """While entered, an error of the client becomes one of ours."""

    def __init__(self, service: str, operation: str) -> None:
        self._service = service
        self._operation = operation

    def __enter__(self) -> None:
        return None

    def __exit__(self, _type: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, refused.ClientError):
            raise self._refusal(error) from error
        if isinstance(error, _NO_CREDENTIALS):
            raise AccountError(f"No credentials of AWS: {error}. {LOG_IN}") from error
        if isinstance(error, refused.HTTPClientError | refused.ConnectionError):
            raise AccountError(
                f"AWS does not answer ({self._service} in this region): {error}. Look at the "
                "network, the proxy variables and aws.region, then run the command again."
            ) from error
        if isinstance(error, ResponseParserError):
            raise UnansweredError(
                f"{self._service} answered {self._operation} with what is no answer of AWS",
                "Something between here and AWS answers in its place: look at the proxy.",
            ) from error
        if isinstance(error, refused.BotoCoreError):
            raise UnansweredError(str(error), "Look at the message; the rest was asked.") from error

    def _refusal(self, error: Any) -> Exception:
        code = str(error.response.get("Error", {}).get("Code", ""))
        message = str(error.response.get("Error", {}).get("Message", ""))
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if code in NO_LOGIN:
            return AccountError(f"AWS refuses these credentials ({code}): {message} {LOG_IN}")
        if code in DENIED:
            action = action_of(self._service, self._operation)
            return UnansweredError(
                f"not allowed to ask: {action}",
                f"Allow {action}; `make permissions` prints what a deployer needs.",
            )
        if code.isdecimal() or status >= 500:
            return UnansweredError(
                f"{self._service} answered {self._operation} with status {status}",
                "Look at the proxy, if there is one; else run the command again later.",
            )
        return MissingError(code, message)


_NO_CREDENTIALS: Final = (
    refused.NoCredentialsError,
    refused.PartialCredentialsError,
    refused.CredentialRetrievalError,
    refused.ProfileNotFound,
    refused.SSOError,
    refused.UnauthorizedSSOTokenError,
    refused.TokenRetrievalError,
)

_PREFIXES: Final = {"elbv2": "elasticloadbalancing", "efs": "elasticfilesystem"}
"""Client → the service's name in policies, where the two differ."""


def action_of(service: str, operation: str) -> str:
    """What policies call such a call; they do not mind upper and lower case."""
    words = "".join(word.capitalize() for word in operation.split("_"))
    return f"{_PREFIXES.get(service, service.replace('-', ''))}:{words}"


def tags_of(thing: Mapping[str, Any], key: str = "Tags") -> dict[str, str]:
    """Tags as a mapping, of whatever spelling the service has."""
    listed: Sequence[Mapping[str, str]] = thing.get(key) or ()
    return {each.get("Key", ""): each.get("Value", "") for each in listed}
