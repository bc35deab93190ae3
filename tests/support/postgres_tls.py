"""TLS of a PostgreSQL server of the tests, on for a while."""

import contextlib
import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from psycopg import sql

from tests.support.certificates import ServerCertificate
from tests.support.postgres import PostgresServer
from tests.support.server_process import wait_until

KEY_STORE_PASSWORD = "key-store"


@contextlib.contextmanager
def tls_on(server: PostgresServer, certificate: ServerCertificate) -> Iterator[PostgresServer]:
    """While entered, the server shows `certificate`, whose key store has `KEY_STORE_PASSWORD`."""
    folder = Path(tempfile.mkdtemp(prefix="test-tls-"))
    _write_key_and_certificate(folder, certificate)
    with server.connect() as connection:
        for name, value in (
            ("ssl_cert_file", str(folder / "server.crt")),
            ("ssl_key_file", str(folder / "server.key")),
            ("ssl", "on"),
        ):
            connection.execute(
                sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), sql.Literal(value))
            )
        connection.execute("SELECT pg_reload_conf()")
    wait_until("TLS on", lambda: _tls_is(server, on=True), within_s=10)
    yield server
    with server.connect() as connection:
        for name in ("ssl", "ssl_cert_file", "ssl_key_file"):
            connection.execute(sql.SQL("ALTER SYSTEM RESET {}").format(sql.Identifier(name)))
        connection.execute("SELECT pg_reload_conf()")
    wait_until("TLS off", lambda: _tls_is(server, on=False), within_s=10)
    shutil.rmtree(folder)


def _tls_is(postgres: PostgresServer, *, on: bool) -> bool:
    with postgres.connect() as connection:
        found = connection.execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
        return found.fetchone() == (on,)


def _write_key_and_certificate(folder: Path, made: ServerCertificate) -> None:
    key, certificate, _ = pkcs12.load_key_and_certificates(
        made.key_store, KEY_STORE_PASSWORD.encode()
    )
    assert key is not None
    assert certificate is not None
    (folder / "server.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "server.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    (folder / "server.key").chmod(0o600)
    if os.geteuid() == 0:
        # PostgreSQL runs as its own user then, and reads a key of its own alone.
        account = pwd.getpwnam("postgres")
        for path in (folder, *folder.iterdir()):
            os.chown(path, account.pw_uid, account.pw_gid)
