"""The database's configuration, in a real PostgreSQL."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from templates.database.context import PgHba, PostgresqlConf
from templates.renderer import render
from tests.support.postgres import PostgresServer, postgres_binaries
from tests.support.server_process import ServerProcess, free_port

APP = "scipio_app"
DATABASE = "scipio"
PASSWORD = "app-secret"


@pytest.fixture(scope="module")
def configured() -> Iterator[str]:
    """A server that was made as usual, and now runs with our files as the image starts it."""
    server = PostgresServer()
    try:
        server.start()
        server.create_database(DATABASE, owner=APP, password=PASSWORD)
        server.create_database("other", owner="stranger", password=PASSWORD)
        server.stop()
        folder, data = server.log.parent, server.log.parent / "data"
        port = free_port()
        _write(folder / "postgresql.conf", render(PostgresqlConf(port=port, max_connections=23)))
        _write(
            folder / "pg_hba.conf",
            render(PgHba(database=DATABASE, app_user=APP, admin_user=server.superuser)),
        )
        process = ServerProcess(
            "PostgreSQL with our files",
            [
                str(postgres_binaries() / "postgres"),
                *("-D", str(data)),
                *("-c", f"config_file={folder}/postgresql.conf"),
                *("-c", f"hba_file={folder}/pg_hba.conf"),
                *("-c", f"unix_socket_directories={folder}"),
            ],
            log=folder / "configured.log",
            folder=folder,
            user="postgres" if os.geteuid() == 0 else None,
        )
        admin = make_conninfo(
            host="127.0.0.1",
            port=port,
            user=server.superuser,
            password=server.superuser_password,
            dbname="postgres",
        )
        try:
            process.wait_until_usable(lambda: _answers(admin), within_s=30)
            yield admin
        finally:
            process.end()
    finally:
        server.remove()


def _write(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o644)


def _answers(login: str) -> bool:
    try:
        psycopg.connect(login, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def test_the_parameters_are_in_force(configured: str) -> None:
    with psycopg.connect(configured) as connection:
        shown = {
            name: connection.execute("select current_setting(%s)", [name]).fetchall()[0][0]
            for name in (
                "max_connections",
                "password_encryption",
                "idle_in_transaction_session_timeout",
                "tcp_keepalives_idle",
                "tcp_keepalives_interval",
                "tcp_keepalives_count",
                "listen_addresses",
                "logging_collector",
                "log_line_prefix",
            )
        }
    assert shown == {
        "max_connections": "23",
        "password_encryption": "scram-sha-256",
        "idle_in_transaction_session_timeout": "10min",
        "tcp_keepalives_idle": "10",
        "tcp_keepalives_interval": "5",
        "tcp_keepalives_count": "3",
        "listen_addresses": "*",
        "logging_collector": "off",
        "log_line_prefix": "%m [%p] %q%u@%d %a ",
    }


def test_every_record_of_pg_hba_is_understood(configured: str) -> None:
    with psycopg.connect(configured) as connection:
        rows = connection.execute(
            "select type, database, user_name, auth_method, error from pg_hba_file_rules"
        ).fetchall()
    assert rows == [
        ("local", ["all"], ["all"], "peer", None),
        ("host", [DATABASE], [APP], "scram-sha-256", None),
        ("host", ["all"], ["postgres"], "scram-sha-256", None),
        ("host", ["all"], ["all"], "reject", None),
    ]


def test_the_application_reaches_its_own_database_alone(configured: str) -> None:
    login = make_conninfo(configured, user=APP, password=PASSWORD)
    assert _answers(make_conninfo(login, dbname=DATABASE))
    assert not _answers(make_conninfo(login, dbname=DATABASE, password="wrong"))
    with pytest.raises(psycopg.OperationalError, match="rejects"):
        psycopg.connect(login)


def test_nobody_else_gets_in_even_with_a_right_password(configured: str) -> None:
    stranger = make_conninfo(configured, user="stranger", password=PASSWORD, dbname="other")
    with pytest.raises(psycopg.OperationalError, match="rejects"):
        psycopg.connect(stranger)
