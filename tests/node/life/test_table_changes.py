"""DDL beside long transactions: it gets through in the end, and no query queues behind it."""

import threading
import time
from collections.abc import Iterator

import pytest

from node.database.connection import Connection
from node.database.table_changes import LOCK_TIMEOUT_MS, change_tables
from node.errors import DatabaseUnavailableError
from templates.overlay.jdbc_url import SCHEMA_LOCK_TIMEOUT_MS
from tests.node.life.shared_database import SharedDatabase
from tests.node.visitor import Visitor

QUEUES_AT_MOST_S = 1.5
QUERY = "SELECT count(*) FROM product"


@pytest.fixture
def table(shared: SharedDatabase) -> Iterator[str]:
    shared.eye.execute("CREATE TABLE product (product_id text PRIMARY KEY)")
    yield "product"
    shared.eye.execute("DROP TABLE product")


def columns(shared: SharedDatabase) -> list[object]:
    found = shared.rows(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'product' ORDER BY 1"
    )
    return [name for (name,) in found]


def add_column(connection: Connection, patience_s: float = 60) -> None:
    change_tables(
        connection,
        lambda: connection.execute("ALTER TABLE product ADD COLUMN colour text"),
        tables=["product"],
        patience_s=patience_s,
    )


def test_a_change_waits_for_a_long_transaction_and_no_visitor_waits_for_it(
    shared: SharedDatabase, table: str
) -> None:
    job = shared.connect("app-1")
    job.execute("BEGIN")
    job.execute(QUERY.encode())
    preparation = shared.connect("node app-2")
    change = threading.Thread(target=add_column, args=(preparation,))
    with Visitor(shared.connect("app-1"), QUERY) as visitor:
        change.start()
        time.sleep(4)
        assert change.is_alive()
        job.execute("COMMIT")
        change.join(20)
    assert not change.is_alive()
    assert columns(shared) == ["colour", "product_id"]
    assert visitor.longest_s < QUEUES_AT_MOST_S
    assert visitor.answers > 10


def test_a_change_that_never_gets_its_lock_says_who_is_in_the_way(
    shared: SharedDatabase, table: str
) -> None:
    dump = shared.connect("pg_dump")
    dump.execute("BEGIN")
    dump.execute(QUERY.encode())
    with pytest.raises(DatabaseUnavailableError, match=r"product .* because pg_dump \(pid \d+"):
        add_column(shared.connect("node app-2"), patience_s=2)
    assert columns(shared) == ["product_id"]
    dump.execute("COMMIT")


def test_a_change_is_made_whole_or_not_at_all(shared: SharedDatabase, table: str) -> None:
    """What an attempt did before it met the lock is undone, and done again by the next one."""
    job = shared.connect("app-1")
    job.execute("BEGIN")
    job.execute(QUERY.encode())
    preparation = shared.connect("node app-2")
    attempts: list[int] = []

    def change() -> None:
        attempts.append(len(attempts))
        preparation.execute("CREATE TABLE made_before (id text)")
        preparation.execute("ALTER TABLE product ADD COLUMN colour text")

    thread = threading.Thread(
        target=change_tables, args=(preparation, change), kwargs={"tables": ["product"]}
    )
    thread.start()
    time.sleep(2.5)
    assert shared.rows("SELECT to_regclass('made_before')") == [(None,)]
    job.execute("COMMIT")
    thread.join(20)
    assert len(attempts) > 1
    assert columns(shared) == ["colour", "product_id"]
    shared.eye.execute("DROP TABLE made_before")


def test_the_loaders_limit_is_the_agents() -> None:
    assert SCHEMA_LOCK_TIMEOUT_MS == LOCK_TIMEOUT_MS


def test_the_limit_is_of_the_change_alone(shared: SharedDatabase, table: str) -> None:
    preparation = shared.connect("node app-2")
    add_column(preparation)
    assert preparation.execute("SHOW lock_timeout").fetchone() == ("0",)
