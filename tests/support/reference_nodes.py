"""Fixtures of reference nodes on a real database and a real broker."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest
from psycopg import sql

from tests.support.activemq import ActiveMqBroker
from tests.support.postgres import PostgresServer
from tests.support.reference_node import START_LIMIT_S, ReferenceNode, Topic
from tests.support.server_process import wait_until
from tests.support.servers import TestDatabase

SEED = ("readers=seed,seed-initial,ext", "delegator=seed")


class MakeNode(Protocol):
    """Makes a node that is not started; whatever runs of it at the test's end is killed."""

    def __call__(
        self,
        instance_id: str = "node-a",
        *,
        topic: Topic | None = None,
        distributed: bool = False,
        resilient: bool = False,
        polls: bool = False,
        proxy_port: int = 443,
    ) -> ReferenceNode: ...


@pytest.fixture
def topic(activemq: ActiveMqBroker) -> Topic:
    """The topic of the one broker that the tests share."""
    return topic_of(activemq)


@pytest.fixture
def make_node(tmp_path: Path, database: TestDatabase) -> Iterator[MakeNode]:
    """Makes nodes on one database that is empty at first."""
    with ExitStack() as ending:

        def make(
            instance_id: str = "node-a",
            *,
            topic: Topic | None = None,
            distributed: bool = False,
            resilient: bool = False,
            polls: bool = False,
            proxy_port: int = 443,
        ) -> ReferenceNode:
            node = ReferenceNode(
                tmp_path,
                instance_id,
                database,
                topic,
                distributed=distributed,
                resilient=resilient,
                polls=polls,
                proxy_port=proxy_port,
            )
            ending.callback(node.__exit__, None, None, None)
            return node

        yield make


@pytest.fixture(scope="session")
def seeded_template(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Name of a database that a node seeded once, to be copied; also its tables' owner's name."""
    made = TestDatabase(postgres.host, postgres.port, "seeded", "seeded", "seeded-secret")
    postgres.create_database(made.name, owner=made.user, password=made.password)
    seeder = ReferenceNode(tmp_path_factory.mktemp("seeder"), "seeder", made, None)
    seed(seeder)
    seeder.http.close()
    with postgres.connect() as connection:
        # Otherwise `reassign owned` would give the template away with its tables.
        connection.execute("alter database seeded owner to postgres")
    return made.name


@pytest.fixture
def seeded(postgres: PostgresServer, database: TestDatabase, seeded_template: str) -> None:
    """The test's database is seeded; the seeding itself is tested in test_load_data.py."""
    postgres.drop_database(database.name)
    postgres.create_database(
        database.name, owner=database.user, password=database.password, template=seeded_template
    )
    with postgres.connect(database.name) as connection:
        connection.execute(
            sql.SQL("reassign owned by {} to {}").format(
                sql.Identifier(seeded_template), sql.Identifier(database.user)
            )
        )


def topic_of(*brokers: ActiveMqBroker) -> Topic:
    """The topic of several brokers that share their users."""
    user, password = next(iter(brokers[0].users.items()))
    authorities = [broker.ca_certificate for broker in brokers if broker.ca_certificate]
    return Topic([broker.url for broker in brokers], user, password, authorities)


def start_together(*nodes: ReferenceNode) -> None:
    """All of them answer and listen to the topic; they boot at the same time."""
    for node in nodes:
        node.process = node.launch()
    for node in nodes:
        assert node.process is not None
        node.process.wait_until_usable(node.is_healthy, within_s=START_LIMIT_S)
    for node in nodes:
        wait_until(f"{node.instance_id} listens", node.is_subscribed, within_s=START_LIMIT_S)


def seed(node: ReferenceNode) -> None:
    """The tables exist and hold the seed rows."""
    loaded = node.load_data(*SEED)
    assert loaded.returncode == 0, loaded.stderr
    assert "|E|" not in loaded.stdout, loaded.stdout
