"""TLS to the database: verified against the document's authority, for the document's host."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from contract.cluster_document import Database
from node.database.connection import Refusal, RefusedError, Server
from tests.node.documents import document
from tests.support.certificates import ServerCertificate, make_server_certificate
from tests.support.postgres import PostgresServer
from tests.support.postgres_tls import KEY_STORE_PASSWORD, tls_on

RDS_AUTHORITIES = Path(__file__).parents[2] / "image" / "node" / "authorities" / "global-bundle.pem"


@pytest.fixture(scope="module")
def certificate() -> ServerCertificate:
    return make_server_certificate(KEY_STORE_PASSWORD)


@pytest.fixture
def tls_server(
    postgres: PostgresServer, certificate: ServerCertificate
) -> Iterator[PostgresServer]:
    """The shared server with TLS on, and off again afterwards."""
    with tls_on(postgres, certificate) as server:
        yield server


def test_a_server_of_the_documents_authority_is_trusted(
    tls_server: PostgresServer, certificate: ServerCertificate, tmp_path: Path
) -> None:
    with _server(tls_server, certificate.authority_pem, tmp_path).connect(
        "postgres", user=tls_server.superuser, password=tls_server.superuser_password
    ) as connection:
        found = connection.execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
        assert found.fetchone() == (True,)


def test_a_server_of_an_authority_of_the_images_bundle_is_trusted(
    tls_server: PostgresServer, certificate: ServerCertificate, tmp_path: Path
) -> None:
    """One of many in it, the others AWS's own; the overlay brings none then."""
    bundle = tmp_path / "bundle.pem"
    bundle.write_text(RDS_AUTHORITIES.read_text() + certificate.authority_pem)
    plain = document(database_port=tls_server.port).database
    changed = {"tls": "verify-full", "caCertificateFile": str(bundle)}
    wanted = Database.model_validate(plain.model_dump() | changed)
    _connect(Server(wanted, tmp_path / "none.pem", "test"), tls_server)
    bundle.write_text(RDS_AUTHORITIES.read_text())
    with pytest.raises(RefusedError) as refusal:
        _connect(Server(wanted, tmp_path / "none.pem", "test"), tls_server)
    assert refusal.value.refusal is Refusal.UNTRUSTED


def test_a_server_of_another_authority_is_refused(
    tls_server: PostgresServer, authority: str, tmp_path: Path
) -> None:
    with pytest.raises(RefusedError) as refusal:
        _connect(_server(tls_server, authority, tmp_path), tls_server)
    assert refusal.value.refusal is Refusal.UNTRUSTED


def test_a_server_without_tls_is_refused(
    postgres: PostgresServer, authority: str, tmp_path: Path
) -> None:
    """The password is never sent over an open line."""
    with pytest.raises(RefusedError) as refusal:
        _connect(_server(postgres, authority, tmp_path), postgres)
    assert refusal.value.refusal is Refusal.UNTRUSTED


def _server(postgres: PostgresServer, authority: str, folder: Path) -> Server:
    file = folder / "authority.pem"
    file.write_text(authority)
    plain = document(database_port=postgres.port).database
    changed = {"tls": "verify-full", "caCertificate": authority}
    return Server(Database.model_validate(plain.model_dump() | changed), file, "test")


def _connect(server: Server, postgres: PostgresServer) -> None:
    server.connect(
        "postgres", user=postgres.superuser, password=postgres.superuser_password
    ).close()
