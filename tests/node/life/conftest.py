"""Fixtures of the tests of node/life."""

from collections.abc import Callable, Iterator

import pytest

from node.life.jvm_sessions import works
from tests.node.life.shared_database import LIMIT_S, SharedDatabase
from tests.support.postgres import PostgresServer
from tests.support.server_process import wait_until
from tests.support.servers import TestDatabase


@pytest.fixture(scope="package")
def shared_once(postgres: PostgresServer) -> Iterator[SharedDatabase]:
    """One database with the ERP's tables and the table of heartbeats."""
    database = TestDatabase(postgres.host, postgres.port, "life", "life_app", "life-secret-Zq7")
    postgres.create_database(database.name, owner=database.user, password=database.password)
    made = SharedDatabase(postgres, database)
    yield made
    made.close()
    postgres.drop_database(database.name)


@pytest.fixture
def shared(shared_once: SharedDatabase) -> Iterator[SharedDatabase]:
    """The same with no row in any table, and no connection but the test's own."""
    shared_once.empty()
    yield shared_once
    shared_once.close()


@pytest.fixture
def wait_for_silence(shared: SharedDatabase) -> Callable[[str], None]:
    """Waits until no session of an application has done anything within the tests' limit."""

    def wait(application: str) -> None:
        wait_until(
            f"{application} is silent",
            lambda: not works(shared.eye, application, LIMIT_S),
            within_s=60,
        )

    return wait
