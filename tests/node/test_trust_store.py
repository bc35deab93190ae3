"""The JVM's trust store, read back with the JDK's own keytool."""

import subprocess
from pathlib import Path

import pytest

from node.errors import ConfigurationError
from node.trust_store import TRUST_STORE_PASSWORD, make_trust_store, own_authorities
from tests.node.documents import document
from tests.support.certificates import make_server_certificate


def test_the_documents_authorities_are_trusted_besides_the_jdks(
    tmp_path: Path, authority: str
) -> None:
    """Also each of a bundle, and one that stands in two places once."""
    second = make_server_certificate("key-store").authority_pem
    plain = document(database_port=1)
    both = plain.model_copy(
        update={
            "database": plain.database.model_copy(update={"ca_certificate": authority}),
            "messaging": plain.messaging.model_copy(update={"ca_certificate": authority + second}),
        }
    )
    wanted = own_authorities(both)
    assert len(wanted) == 2
    store = make_trust_store(tmp_path / "trust-store", wanted)
    assert store is not None
    listed = _keytool("-list", "-keystore", str(store))
    assert "scipio-cluster-1" in listed
    assert "scipio-cluster-2" in listed
    assert listed.count("trustedCertEntry") > 50
    assert store.stat().st_mode & 0o777 == 0o600


def test_without_an_authority_there_is_no_store(tmp_path: Path) -> None:
    """The JVM uses the JDK's own then."""
    assert (
        make_trust_store(tmp_path / "trust-store", own_authorities(document(database_port=1)))
        is None
    )
    assert not (tmp_path / "trust-store").exists()


def test_what_is_no_certificate_is_refused_with_keytools_words(tmp_path: Path) -> None:
    text = "-----BEGIN CERTIFICATE-----\nbm90IG9uZQ==\n-----END CERTIFICATE-----"
    with pytest.raises(ConfigurationError, match=r"keytool refused it: .*caCertificate"):
        make_trust_store(tmp_path / "trust-store", [text])


def _keytool(*arguments: str) -> str:
    return subprocess.run(
        ["keytool", *arguments, "-storepass", TRUST_STORE_PASSWORD],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
