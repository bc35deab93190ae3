"""The bundle of authorities that the image carries for databases of AWS."""

from pathlib import Path

import pytest

from contract.cluster_document import Database
from node.database.authority import libpq_authority, require_authority
from node.errors import ConfigurationError
from tests.node.documents import document

OVERLAY_FILE = Path("/run/scipio/overlay/database-ca.pem")


def database(**changes: str) -> Database:
    plain = document(database_port=1).database.model_dump()
    return Database.model_validate(plain | {"tls": "verify-full"} | changes)


def test_a_bundle_that_is_there_is_what_libpq_trusts(tmp_path: Path, authority: str) -> None:
    bundle = tmp_path / "bundle.pem"
    bundle.write_text(authority * 2)
    wanted = database(caCertificateFile=str(bundle))
    require_authority(wanted)
    assert libpq_authority(wanted, OVERLAY_FILE) == str(bundle)


def test_what_the_document_brings_goes_before_the_bundle(tmp_path: Path, authority: str) -> None:
    """Then the image need not have it."""
    wanted = database(caCertificate=authority, caCertificateFile=str(tmp_path / "missing"))
    require_authority(wanted)
    assert libpq_authority(wanted, OVERLAY_FILE) == str(OVERLAY_FILE)


def test_without_either_the_public_authorities_are_trusted() -> None:
    assert libpq_authority(database(), OVERLAY_FILE) == "system"


def test_without_tls_nothing_is_asked_for(tmp_path: Path) -> None:
    wanted = database(tls="disable", caCertificateFile=str(tmp_path / "missing"))
    require_authority(wanted)
    assert libpq_authority(wanted, OVERLAY_FILE) is None


def test_a_missing_bundle_is_named_with_what_to_do(tmp_path: Path) -> None:
    missing = tmp_path / "missing.pem"
    with pytest.raises(ConfigurationError, match=r"No such file.*image/node/authorities/") as said:
        require_authority(database(caCertificateFile=str(missing)))
    assert str(missing) in str(said.value)


def test_a_file_that_is_no_bundle_is_refused(tmp_path: Path) -> None:
    """libpq would say no more than that it found no certificates, after the first attempt."""
    empty = tmp_path / "empty.pem"
    empty.touch()
    with pytest.raises(ConfigurationError, match="holds no certificate"):
        require_authority(database(caCertificateFile=str(empty)))
