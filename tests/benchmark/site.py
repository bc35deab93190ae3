"""What the cache clear is measured on: a database, a pair of brokers and nodes, all of our own."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.cluster_component.faulty_cluster import BrokerPair
from tests.support.postgres import PostgresServer
from tests.support.reference_node import ReferenceNode
from tests.support.reference_nodes import seed, start_together
from tests.support.server_process import wait_until
from tests.support.servers import TestDatabase

Mode = Literal["stock", "resilient"]
MODES: tuple[Mode, Mode] = ("stock", "resilient")
LISTENS_WITHIN_S = 60.0


@dataclass(frozen=True, kw_only=True)
class Site:
    """Two nodes that both listen, in one mode."""

    mode: Mode
    postgres: PostgresServer
    database: TestDatabase
    brokers: BrokerPair
    writer: ReferenceNode
    reader: ReferenceNode

    @property
    def nodes(self) -> tuple[ReferenceNode, ReferenceNode]:
        return self.writer, self.reader

    def settle(self) -> None:
        """Both nodes listen, and nothing waits to be sent."""
        for node in self.nodes:
            wait_until(f"{node.instance_id} listens", node.is_subscribed, within_s=LISTENS_WITHIN_S)
        wait_until(
            "nothing waits",
            lambda: self.writer.state().get("cacheClearQueueDepth", 0) == 0,
            within_s=LISTENS_WITHIN_S,
        )


@contextmanager
def running_site(folder: Path, postgres: PostgresServer, mode: Mode) -> Iterator[Site]:
    """Everything runs; at the end nothing of it does."""
    folder.mkdir()
    database = TestDatabase(postgres.host, postgres.port, mode, f"{mode}_app", f"{mode}-secret")
    postgres.create_database(database.name, owner=database.user, password=database.password)
    with ExitStack() as ending:
        brokers = BrokerPair(folder)
        ending.callback(brokers.remove)
        brokers.start()
        writer, reader = (
            ReferenceNode(folder, name, database, brokers.topic, resilient=mode == "resilient")
            for name in ("writer", "reader")
        )
        seed(writer)
        for node in (writer, reader):
            ending.callback(node.__exit__, None, None, None)
        start_together(writer, reader)
        yield Site(
            mode=mode,
            postgres=postgres,
            database=database,
            brokers=brokers,
            writer=writer,
            reader=reader,
        )
