"""The servers that other tests stand on."""

from pathlib import Path

import psycopg
import pytest

from tests.support.activemq import ActiveMqBroker
from tests.support.postgres import PostgresServer
from tests.support.server_process import ServerError, ServerProcess, wait_until
from tests.support.servers import TestDatabase


def test_a_wrong_password_is_refused(postgres: PostgresServer, database: TestDatabase) -> None:
    """The server really asks for passwords."""
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(postgres.dsn(database.name, user=database.user, password="wrong"))


def test_data_survive_a_crash_of_the_server(
    postgres: PostgresServer, database: TestDatabase
) -> None:
    """A killed server comes back on the same port with what was committed."""
    with postgres.connect(database.name) as connection:
        connection.execute("create table kept (n int)")
        connection.execute("insert into kept values (7)")
    postgres.kill()
    postgres.start()
    with postgres.connect(database.name) as connection:
        assert connection.execute("select n from kept").fetchall() == [(7,)]


def test_a_broker_with_tls_greets_under_its_own_authority() -> None:
    """The TLS broker is usable by who trusts its authority."""
    with ActiveMqBroker(tls=True) as broker:
        assert broker.url.startswith("ssl://")
        assert broker.is_live()
        broker.kill()
        assert not broker.is_live()


def test_of_two_brokers_with_one_store_one_is_live_and_the_other_takes_over(
    tmp_path: Path,
) -> None:
    """The store's lock decides who is live."""
    first = ActiveMqBroker(store=tmp_path / "store", name="first")
    second = ActiveMqBroker(store=tmp_path / "store", name="second")
    try:
        first.start()
        second.start(wait=False)
        wait_until("second broker waits for the store", second.waits_for_store, within_s=30)
        assert not second.is_live()
        first.kill()
        second.wait_until_usable()
    finally:
        first.remove()
        second.remove()


def test_a_server_that_ends_at_once_is_named_with_its_last_words(tmp_path: Path) -> None:
    """The failure names process, exit code and the end of its log."""
    process = ServerProcess(
        "speaker", ["sh", "-c", "echo last words; exit 7"], log=tmp_path / "log"
    )
    with pytest.raises(ServerError, match=r"(?s)speaker .*ended with 7 .*last words"):
        process.wait_until_usable(lambda: False, within_s=10)
