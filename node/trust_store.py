"""The JVM's trust store: the JDK's authorities and the document's own."""

import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from contract.cluster_document import ClusterDocument
from node.errors import ConfigurationError

TRUST_STORE_PASSWORD = "changeit"  # noqa: S105 - public default of every JDK; protects nothing
CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
KEYTOOL_TIMEOUT_S = 60


def own_authorities(document: ClusterDocument) -> tuple[str, ...]:
    """Every certificate that the document wants trusted, each once, as PEM text."""
    bundles = (document.messaging.ca_certificate, document.database.ca_certificate)
    found = (match for bundle in bundles if bundle for match in CERTIFICATE.findall(bundle))
    return tuple(dict.fromkeys(found))


def make_trust_store(path: Path, certificates: Iterable[str]) -> Path | None:
    """`path` is a copy of the JDK's store that trusts `certificates` too.

    None when there are none: then the JVM uses the JDK's own. Raises ConfigurationError when the
    JDK's store is not found or a certificate is refused.
    """
    # Made anew each time: an authority that left the document must not stay trusted.
    path.unlink(missing_ok=True)
    wanted = tuple(certificates)
    if not wanted:
        return None
    shutil.copyfile(_authorities_of_the_jdk(), path)
    path.chmod(0o600)
    for number, certificate in enumerate(wanted, start=1):
        _import(path, f"scipio-cluster-{number}", certificate)
    return path


def _authorities_of_the_jdk() -> Path:
    keytool = shutil.which("keytool")
    if keytool is None:
        raise ConfigurationError("keytool: not found on PATH. The image must carry a JDK.")
    store = Path(keytool).resolve().parents[1] / "lib" / "security" / "cacerts"
    if not store.exists():
        raise ConfigurationError(
            f"{store}: not there; the trust store is made from it. "
            "The image must carry the JDK's authorities (Debian: ca-certificates-java)."
        )
    return store


def _import(store: Path, alias: str, certificate: str) -> None:
    command = [
        "keytool", "-importcert", "-noprompt", "-alias", alias,
        "-keystore", str(store), "-storepass", TRUST_STORE_PASSWORD,
    ]  # fmt: skip
    result = subprocess.run(
        command,
        input=certificate,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=KEYTOOL_TIMEOUT_S,
        check=False,
    )
    if result.returncode != 0:
        said = (result.stdout + result.stderr).strip()
        raise ConfigurationError(
            f"CA certificate {alias}: keytool refused it: {said}. "
            "messaging.caCertificate and database.caCertificate must be certificates as PEM text."
        )
