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


class PreparationStore(SecretStore, Protocol):
    """A store that gives some values for the preparation of a server alone."""

    def was_removed(self, reference: SecretReference) -> bool:
        """An earlier preparation on this server used it up."""
        ...


class FileSecretStore:
    """One file a secret, mounted by the platform. One newline at the end is not part of it.

    Where there is a folder `preparation`, it has what the preparation alone needs.
    """

    def __init__(self, folder: Path, preparation: Path | None = None) -> None:
        self._folder = folder
        self._preparation = preparation

    def value(self, reference: SecretReference) -> str:
        if not isinstance(reference, FileSecret):
            raise ConfigurationError(
                f"secret of store {reference.store!r}: no file has it; must be of store 'file'."
            )
        path = self._path(reference)
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

    def was_removed(self, reference: SecretReference) -> bool:
        """There is a folder for the preparation, and it is not in it any more."""
        return (
            isinstance(reference, FileSecret)
            and self._preparation is not None
            and self._preparation.is_dir()
            and not self._path(reference).exists()
        )

    def remove_preparation(self) -> None:
        """No program of this container reads them again. Raises ConfigurationError."""
        if self._preparation is None or not self._preparation.is_dir():
            return
        try:
            for path in self._preparation.iterdir():
                path.unlink()
        except OSError as error:
            raise ConfigurationError(
                f"{error.filename}: cannot be removed: {error.strerror}. The folder must belong to "
                "the node's user and be mounted for writing."
            ) from None

    def _path(self, reference: FileSecret) -> Path:
        if self._preparation is not None and (self._preparation / reference.name).exists():
            return self._preparation / reference.name
        return self._folder / reference.name


class SecretStores:
    """Every store that a document may name, each made when a secret of it is asked for."""

    def __init__(self, folder: Path, preparation: Path) -> None:
        self._files = FileSecretStore(folder, preparation)

    def value(self, reference: SecretReference) -> str:
        """From the store that the reference names."""
        if isinstance(reference, SecretsManagerSecret):
            return self._secrets_manager.value(reference)
        return self._files.value(reference)

    def was_removed(self, reference: SecretReference) -> bool:
        """As the store of files says; no other one removes anything."""
        return self._files.was_removed(reference)

    def remove_preparation(self) -> None:
        """As the store of files does it."""
        self._files.remove_preparation()

    @cached_property
    def _secrets_manager(self) -> SecretStore:
        # Takes half a second to import, which nodes without secrets in AWS do not pay.
        from node.secrets_manager import SecretsManagerStore

        return SecretsManagerStore()


@dataclass(frozen=True, kw_only=True)
class NodeSecrets:
    """All values that one preparation needs; `repr` shows none.

    Those of the two administrators are None once a preparation on this server has used them up.
    """

    database_app_password: str = field(repr=False)
    database_admin_password: str | None = field(repr=False)
    messaging_password: str = field(repr=False)
    administrator_password: str | None = field(repr=False)

    def values(self) -> tuple[str, ...]:
        """For the redaction of logs."""
        return tuple(
            value
            for value in (
                self.database_app_password,
                self.database_admin_password,
                self.messaging_password,
                self.administrator_password,
            )
            if value is not None
        )


def fetch_secrets(document: ClusterDocument, store: PreparationStore) -> NodeSecrets:
    """Every secret the document names. Raises one ConfigurationError that lists all faults.

    Raises SecretsUnavailableError at once: where one request was in vain, the others would be.
    """
    faults: list[str] = []

    def read(reference: SecretReference) -> str:
        try:
            return store.value(reference)
        except ConfigurationError as error:
            faults.append(str(error))
            return ""

    def read_once(reference: SecretReference) -> str | None:
        return None if store.was_removed(reference) else read(reference)

    found = NodeSecrets(
        database_app_password=read(document.database.app_password),
        database_admin_password=read_once(document.database.admin_password),
        messaging_password=read(document.messaging.password),
        administrator_password=read_once(document.administrator.password),
    )
    if faults:
        raise ConfigurationError("\n".join(dict.fromkeys(faults)))
    return found


def still_there(value: str | None, reference: SecretReference) -> str:
    """Raises ConfigurationError for a secret that was removed after a preparation."""
    if value is None:
        name = reference.name if isinstance(reference, FileSecret) else reference.arn
        raise ConfigurationError(
            f"secret {name!r}: this server removed it after its first preparation, and now the "
            "database must be prepared again. Replace the server: a new one gets it once more."
        )
    return value
