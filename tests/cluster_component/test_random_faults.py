"""Writers, broken brokers and roll-backs at random: then every cached value equals the database.

`CACHE_CLEAR_SEED=<n>` replays the choices of a run; every run prints its own.
"""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster_component.faulty_cluster import BrokerPair, FaultyCluster
from tests.support.postgres import PostgresServer
from tests.support.reference_nodes import MakeNode, start_together
from tests.support.server_process import wait_until
from tests.support.servers import TestDatabase

pytestmark = pytest.mark.usefixtures("seeded")

NODES = ("node-a", "node-b", "node-c")
FAULTS = 4
MOST_ROUNDS = 6
FRESH_WITHIN_S = 10


@pytest.fixture
def seed() -> int:
    """Printed, and shown by pytest where the test fails."""
    given = os.environ.get("CACHE_CLEAR_SEED")
    chosen = int(given) if given else secrets.randbelow(2**32)
    print(f"CACHE_CLEAR_SEED={chosen}")
    return chosen


@pytest.fixture
def brokers(tmp_path: Path) -> Iterator[BrokerPair]:
    pair = BrokerPair(tmp_path)
    try:
        pair.start()
        yield pair
    finally:
        pair.remove()


def _cluster(
    make_node: MakeNode, brokers: BrokerPair, seed: int, *, resilient: bool
) -> FaultyCluster:
    nodes = [
        make_node(
            name,
            topic=brokers.topic,
            distributed=True,
            resilient=resilient,
        )
        for name in NODES
    ]
    start_together(*nodes)
    return FaultyCluster(nodes, brokers, seed)


def test_every_cached_value_equals_the_database_when_it_is_quiet(
    make_node: MakeNode, brokers: BrokerPair, seed: int, postgres: PostgresServer,
    database: TestDatabase,
) -> None:  # fmt: skip
    """And no write failed, whatever the brokers did."""
    cluster = _cluster(make_node, brokers, seed, resilient=True)
    cluster.run(FAULTS)
    wait_until(
        "no cached value is stale",
        lambda: cluster.stale(postgres, database.name) == [],
        within_s=FRESH_WITHIN_S,
    )
    cluster.await_delivery()
    assert cluster.stale(postgres, database.name) == []
    assert [failure for writer in cluster.writers for failure in writer.failures] == []


def test_the_same_with_the_stock_sender_leaves_stale_values(
    make_node: MakeNode, brokers: BrokerPair, seed: int, postgres: PostgresServer,
    database: TestDatabase,
) -> None:  # fmt: skip
    """So the test above can fail. One outage may happen to cost nothing; several do not."""
    cluster = _cluster(make_node, brokers, seed, resilient=False)
    for _ in range(MOST_ROUNDS):
        cluster.run_outage()
        cluster.await_delivery()
        if cluster.stale(postgres, database.name):
            return
    pytest.fail(f"{MOST_ROUNDS} outages left nothing stale")
