"""Which certificate authorities the database's certificate is checked against."""

from pathlib import Path
from typing import TYPE_CHECKING

from node.errors import ConfigurationError

if TYPE_CHECKING:
    from contract.cluster_document import Database


def require_authority(database: "Database") -> None:
    """The document's bundle of authorities is in the image, where the document needs one.

    Raises ConfigurationError.
    """
    if database.tls == "disable" or database.ca_certificate or not database.ca_certificate_file:
        return
    file = Path(database.ca_certificate_file)
    try:
        found = b"-----BEGIN CERTIFICATE-----" in file.read_bytes()
    except OSError as error:
        raise ConfigurationError(_message(file, f"cannot be read: {error.strerror}")) from None
    if not found:
        raise ConfigurationError(_message(file, "holds no certificate"))


def libpq_authority(database: "Database", overlay_file: Path) -> str | None:
    """libpq's `sslrootcert`; its word for the public authorities is `system`.

    `overlay_file` is where the overlay puts `caCertificate`, which goes before a file of the image.
    """
    if database.tls == "disable":
        return None
    if database.ca_certificate is not None:
        return str(overlay_file)
    return database.ca_certificate_file or "system"


def _message(file: Path, fault: str) -> str:
    return (
        f"database.caCertificateFile: {file} {fault}; must be a file of the image with "
        "certificates as PEM text. The node's image puts image/node/authorities/global-bundle.pem "
        "to /opt/rds/: see the README there, and build the image again."
    )
