"""Secrets of AWS Secrets Manager, read with the server's own role."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

# botocore ships no types.
import botocore.session  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]
from botocore.exceptions import (  # type: ignore[import-untyped]
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    MetadataRetrievalError,
    NoCredentialsError,
)

from contract.cluster_document import SecretReference, SecretsManagerSecret
from node.errors import ConfigurationError, SecretsUnavailableError

PERMISSION = "secretsmanager:GetSecretValue"

_DENIED = frozenset({"AccessDenied", "AccessDeniedException"})
_KEY = frozenset({"DecryptionFailure", "KMSAccessDeniedException"})
_LOGIN_REFUSED = frozenset(
    {
        "ExpiredTokenException",
        "IncompleteSignature",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "UnrecognizedClientException",
    }
)
_GONE = frozenset({"ResourceNotFoundException", "InvalidRequestException"})
"""Not there, has no value yet, or is about to be deleted. The codes are those of
secretsmanager/latest/apireference, API_GetSecretValue and CommonErrors."""


@dataclass(frozen=True, kw_only=True)
class Patience:
    """Bounds of one request, so that the worst answer takes about a minute."""

    connect_timeout_s: float = 3
    read_timeout_s: float = 5
    attempts: int = 5
    """With growing pauses in between, on throttling, faults of the service and silence."""
    metadata_timeout_s: int = 2
    metadata_attempts: int = 5
    """For the role's keys, which the server's metadata service hands out."""


class SecretsManagerStore:
    """Each secret is fetched once, however many of its keys are asked for."""

    def __init__(self, patience: Patience | None = None) -> None:
        self._patience = patience or Patience()
        self._session = _session(self._patience)
        self._clients: dict[str, Any] = {}
        self._texts: dict[str, str] = {}

    def value(self, reference: SecretReference) -> str:
        """As `SecretStore` says. Raises SecretsUnavailableError when a later try may help."""
        if not isinstance(reference, SecretsManagerSecret):
            raise ConfigurationError(
                f"secret of store {reference.store!r}: Secrets Manager does not have it; "
                "must be of store 'aws-secrets-manager'."
            )
        if reference.arn not in self._texts:
            self._texts[reference.arn] = self._text(reference.arn)
        text = self._texts[reference.arn]
        value = text.removesuffix("\n") if reference.key is None else _of_key(reference, text)
        if not value or "\0" in value:
            raise ConfigurationError(
                f"{_name(reference)}: is empty or holds a zero byte; must hold the value. "
                "Store it again."
            )
        return value

    def _text(self, arn: str) -> str:
        try:
            answer = self._client(arn).get_secret_value(SecretId=arn)
        except ClientError as error:
            _refused(arn, error.response)
        except (NoCredentialsError, CredentialRetrievalError, MetadataRetrievalError):
            raise SecretsUnavailableError(
                f"secret {arn}: this node has no credentials: the server's metadata service gave "
                "none. The server needs an instance profile with a role that allows "
                f"{PERMISSION}, and a metadata hop limit of 2 for its containers."
            ) from None
        except BotoCoreError as error:
            # Not its words: those of an answer that cannot be read would show the answer.
            raise SecretsUnavailableError(
                f"secret {arn}: Secrets Manager did not answer ({type(error).__name__}), tried "
                f"{self._patience.attempts} times. Check that this node may reach it: its "
                "interface endpoint and the endpoint's security group, or the way to the Internet."
            ) from None
        text = answer.get("SecretString")
        if not isinstance(text, str):
            raise ConfigurationError(
                f"secret {arn}: is binary; must be text (SecretString). Store it again."
            )
        return text

    def _client(self, arn: str) -> Any:  # the client's class is made at run time
        region = arn.split(":")[3]
        if not region:
            raise ConfigurationError(f"secret {arn}: names no region; must be the secret's ARN.")
        if region not in self._clients:
            self._clients[region] = self._session.create_client(
                "secretsmanager", region_name=region, config=_config(self._patience)
            )
        return self._clients[region]


def _session(patience: Patience) -> Any:  # botocore ships no types
    session = botocore.session.get_session()
    for name, value in (
        # Only a session token of its own is accepted: a forged request cannot ask for one.
        ("ec2_metadata_v1_disabled", True),
        ("metadata_service_timeout", patience.metadata_timeout_s),
        ("metadata_service_num_attempts", patience.metadata_attempts),
    ):
        session.set_config_variable(name, value)
    return session


def _config(patience: Patience) -> Config:
    return Config(
        connect_timeout=patience.connect_timeout_s,
        read_timeout=patience.read_timeout_s,
        retries={"mode": "standard", "total_max_attempts": patience.attempts},
    )


def _refused(arn: str, response: Mapping[str, Any]) -> NoReturn:
    """Raises what an error answer means; AWS's words name principal and action, never a value."""
    error = response.get("Error", {})
    code, words = str(error.get("Code", "?")), str(error.get("Message", "")).strip()
    said = f"It says: {code}: {words}"
    for codes, advice in _ADVICE:
        if code in codes:
            raise ConfigurationError(f"secret {arn}: {advice(words)} {said}")
    raise SecretsUnavailableError(
        f"secret {arn}: Secrets Manager cannot give it now. {said} Start the node again later."
    )


def _denied(words: str) -> str:
    if "KMS" in words:
        return _key(words)
    return f"reading it is denied. The server's role must allow {PERMISSION} on this ARN."


def _key(_words: str) -> str:
    return (
        "its key cannot be used. The server's role must allow kms:Decrypt on the secret's KMS "
        "key, and the key must be enabled."
    )


def _login_refused(_words: str) -> str:
    return (
        "AWS does not accept this node's credentials. Check that the server's clock is right and "
        "that its role still exists."
    )


def _gone(_words: str) -> str:
    return (
        "it is not there, or has no value (AWSCURRENT), or is about to be deleted. Restore or "
        "store it, or correct the ARN in the cluster document."
    )


_ADVICE: tuple[tuple[frozenset[str], Callable[[str], str]], ...] = (
    (_DENIED, _denied),
    (_KEY, _key),
    (_LOGIN_REFUSED, _login_refused),
    (_GONE, _gone),
)


def _of_key(reference: SecretsManagerSecret, text: str) -> str:
    """One value of a JSON object. `from None`: an error of JSON carries the whole text."""
    try:
        values = json.loads(text)
    except ValueError:
        values = None
    if not isinstance(values, dict):
        raise ConfigurationError(
            f"{_name(reference)}: the secret is no JSON object; must be one that has this key, or "
            "the cluster document must not name a key."
        )
    value = values.get(reference.key)
    if not isinstance(value, str):
        found = "is not in the JSON object" if value is None else "is no text"
        raise ConfigurationError(
            f"{_name(reference)}: the key {found}; must be a text there. Store the secret again."
        )
    return value


def _name(reference: SecretsManagerSecret) -> str:
    key = "" if reference.key is None else f", key {reference.key!r}"
    return f"secret {reference.arn}{key}"
