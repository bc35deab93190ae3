"""Values of the document's secret references, fetched at boot and kept in memory."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Protocol

from contract.cluster_document import (
    ClusterDocument,
    FileSecret,
    SecretReference,
    SecretsManagerSecret,
)
from node.errors import ConfigurationError


class SecretStore(Protocol):
    """Where values are. Every store answers in the same words."""

    def value(self, reference: SecretReference) -> str:
        """The value, never empty. Raises NodeError, which never repeats a value."""
        ...


class FileSecretStore:
    """One file a secret, mounted by the platform. One newline at the end is not part of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def value(self, reference: SecretReference) -> str:
        if not isinstance(reference, FileSecret):
            raise ConfigurationError(
                f"secret of store {reference.store!r}: no file has it; must be of store 'file'."
            )
        path = self._folder / reference.name
        try:
            text = path.read_bytes().decode()
        except FileNotFoundError:
            raise ConfigurationError(
                f"secret {reference.name!r}: {path} is not there. Mount it."
            ) from None
        except OSError as error:
            raise ConfigurationError(
                f"secret {reference.name!r}: {path} cannot be read: {error.strerror}. "
                "It must be a file that the node's user may read."
            ) from None
        except UnicodeDecodeError:
            raise ConfigurationError(
                f"secret {reference.name!r}: {path} is not UTF-8 text. Write it again."
            ) from None
        value = text.removesuffix("\n")
        if not value or "\0" in value:
            raise ConfigurationError(
                f"secret {reference.name!r}: {path} is empty or holds a zero byte; "
                "must hold the value and at most one newline behind it."
            )
        return value


class SecretStores:
    """Every store that a document may name, each made when a secret of it is asked for."""

    def __init__(self, folder: Path) -> None:
        self._files = FileSecretStore(folder)

    def value(self, reference: SecretReference) -> str:
        """From the store that the reference names."""
        if isinstance(reference, SecretsManagerSecret):
            return self._secrets_manager.value(reference)
        return self._files.value(reference)

    @cached_property
    def _secrets_manager(self) -> SecretStore:
        # Takes half a second to import, which nodes without secrets in AWS do not pay.
        from node.secrets_manager import SecretsManagerStore

        return SecretsManagerStore()


@dataclass(frozen=True, kw_only=True)
class NodeSecrets:
    """All values that one preparation needs; `repr` shows none."""

    database_app_password: str = field(repr=False)
    database_admin_password: str = field(repr=False)
    messaging_password: str = field(repr=False)
    administrator_password: str = field(repr=False)

    def values(self) -> tuple[str, ...]:
        """For the redaction of logs."""
        return (
            self.database_app_password,
            self.database_admin_password,
            self.messaging_password,
            self.administrator_password,
        )


def fetch_secrets(document: ClusterDocument, store: SecretStore) -> NodeSecrets:
    """Every secret the document names. Raises one ConfigurationError that lists all faults.

    Raises SecretsUnavailableError at once: where one request was in vain, the others would be.
    """
    references: dict[str, SecretReference] = {
        "database_app_password": document.database.app_password,
        "database_admin_password": document.database.admin_password,
        "messaging_password": document.messaging.password,
        "administrator_password": document.administrator.password,
    }
    found: dict[str, str] = {}
    faults: list[str] = []
    for name, reference in references.items():
        try:
            found[name] = store.value(reference)
        except ConfigurationError as error:
            faults.append(str(error))
    if faults:
        raise ConfigurationError("\n".join(dict.fromkeys(faults)))
    return NodeSecrets(**found)
