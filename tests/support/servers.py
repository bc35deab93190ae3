"""Fixtures that start real servers once for a whole test run."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

import pytest

from tests.support.activemq import ActiveMqBroker
from tests.support.postgres import PostgresServer

_database_numbers = count(1)


@dataclass(frozen=True)
class TestDatabase:
    """An empty database of its own and the role that owns it."""

    __test__ = False

    host: str
    port: int
    name: str
    user: str
    password: str = field(repr=False)

    @property
    def jdbc_url(self) -> str:
        return f"jdbc:postgresql://{self.host}:{self.port}/{self.name}"


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One running PostgreSQL server; a test that stops it starts it again."""
    with PostgresServer() as server:
        yield server


@pytest.fixture(scope="session")
def activemq() -> Iterator[ActiveMqBroker]:
    """One running broker without TLS; a test that ends it starts it again."""
    with ActiveMqBroker() as broker:
        yield broker


@pytest.fixture
def database(postgres: PostgresServer) -> Iterator[TestDatabase]:
    """A fresh, empty database for one test."""
    name = f"test_{next(_database_numbers)}"
    made = TestDatabase(postgres.host, postgres.port, name, f"{name}_app", f"{name}-secret")
    postgres.create_database(made.name, owner=made.user, password=made.password)
    yield made
    postgres.drop_database(made.name)
