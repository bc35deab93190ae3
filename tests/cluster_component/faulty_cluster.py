"""Writers on several nodes while brokers die, from one seed; then quiet, and what is stale."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random

import httpx

from tests.support.cut_link import cut_connections, cut_link
from tests.support.postgres import PostgresServer
from tests.support.product_broker import ProductBroker
from tests.support.reference_node import ReferenceNode, Topic
from tests.support.reference_nodes import topic_of
from tests.support.server_process import wait_until

KEYS = tuple(f"k{number}" for number in range(60))
CANARY = "canary"
ROLLED_BACK_SHARE = 0.15
ATTEMPTS_BEFORE_A_FAULT = 30
ATTEMPTS_WITHOUT_A_BROKER = 15
LONGEST_FAULT_S = 6


@dataclass(frozen=True)
class Stale:
    """A cached value that the database does not have."""

    node: str
    key: str
    cached: str | None
    database: str | None


@dataclass
class Writer:
    """Writes, rolls back and reads on one node until it is told to stop."""

    node: ReferenceNode
    nodes: Sequence[ReferenceNode]
    random: Random
    attempts: int = 0
    failures: list[str] = field(default_factory=list)

    def run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            self._write()
            # Whatever a node has read it keeps: an old value stays until a message clears it.
            for key in self.random.sample(KEYS, 2):
                self.random.choice(self.nodes).http.get(f"/reference/rows/{key}")
            self.attempts += 1

    def _write(self) -> None:
        rolled_back = self.random.random() < ROLLED_BACK_SHARE
        try:
            answer = self.node.http.put(
                f"/reference/rows/{self.random.choice(KEYS)}",
                content=f"{self.node.instance_id}-{self.attempts}{'-never' if rolled_back else ''}",
                params={"rollback": "yes"} if rolled_back else None,
            )
        except httpx.TimeoutException as error:
            self.failures.append(repr(error))
            return
        if answer.status_code != httpx.codes.OK:
            self.failures.append(answer.text)


class BrokerPair:
    """Two of the product's brokers over one store; one is live unless the whole pair was ended."""

    def __init__(self, folder: Path) -> None:
        self.live, self.standby = (
            ProductBroker(store=folder / "store", name=name) for name in ("first", "second")
        )
        self.topic: Topic = topic_of(self.live, self.standby)

    def start(self) -> None:
        self.live.start()
        self._await_standby()

    def switch(self) -> None:
        """The live one dies, the other takes over, the dead one waits."""
        self.live.kill()
        self.standby.wait_until_usable()
        self.live, self.standby = self.standby, self.live
        self._await_standby()

    def outage(self, meanwhile: Callable[[], None]) -> None:
        """Both are dead while `meanwhile` runs."""
        self.standby.kill()
        self.live.kill()
        meanwhile()
        self.start()

    def silence(self, meanwhile: Callable[[], None]) -> None:
        """The live one holds its connections and says nothing while `meanwhile` runs."""
        self.live.freeze()
        try:
            meanwhile()
        finally:
            self.live.thaw()

    def cut(self, meanwhile: Callable[[], None]) -> None:
        """No packet comes from the live one's host, or to it, while `meanwhile` runs."""
        with cut_link(self.live.port):
            meanwhile()

    def cut_open_connections(self, meanwhile: Callable[[], None]) -> None:
        """The connections that are open are dead without a word while `meanwhile` runs."""
        with cut_connections(self.live.port):
            meanwhile()

    def remove(self) -> None:
        self.live.remove()
        self.standby.remove()

    def _await_standby(self) -> None:
        self.standby.start(wait=False)
        wait_until("the standby waits", self.standby.waits_for_store, within_s=30)


class FaultyCluster:
    """Nodes with a writer each, and a pair of brokers that die; all choices come from `seed`."""

    def __init__(self, nodes: Sequence[ReferenceNode], brokers: BrokerPair, seed: int) -> None:
        self._nodes = nodes
        self._brokers = brokers
        self._random = Random(seed)  # noqa: S311 - to be replayed, not to be secret
        self.writers = [
            Writer(node, nodes, Random(self._random.random()))  # noqa: S311 - as above
            for node in nodes
        ]
        self._next_fault = "switch"

    def run(self, faults: int) -> None:
        """So many faults while the writers write; then a live broker, and all nodes listen."""
        with self._writing():
            for _ in range(faults):
                self._await_attempts(ATTEMPTS_BEFORE_A_FAULT)
                self._fault()
            self._await_attempts(ATTEMPTS_BEFORE_A_FAULT)
        self._await_listeners()

    def run_outage(self) -> None:
        """While a broker boots the listeners come to ask for it ever more seldom; a writer that
        opens a connection for every message finds it first."""
        with self._writing():
            self._await_attempts(ATTEMPTS_BEFORE_A_FAULT)
            self._brokers.outage(self._let_them_write)
            self._await_attempts(ATTEMPTS_BEFORE_A_FAULT)
        self._await_listeners()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Every node has every key, and a writer each while this is entered."""
        for node in self._nodes:
            for key in KEYS:
                node.http.get(f"/reference/rows/{key}")
        stop = threading.Event()
        with ExitStack() as ending:
            for writer in self.writers:
                thread = threading.Thread(target=writer.run, args=(stop,))
                thread.start()
                ending.callback(thread.join)
            ending.callback(stop.set)
            yield

    def _await_listeners(self) -> None:
        for node in self._nodes:
            wait_until(f"{node.instance_id} listens", node.is_subscribed, within_s=60)

    def stale(self, postgres: PostgresServer, database: str) -> list[Stale]:
        """Every key of every node that differs from the database now."""
        with postgres.connect(database) as connection:
            rows = connection.execute("select row_key, row_value from reference_row").fetchall()
        truth: dict[str, str] = dict(rows)
        return [
            Stale(node.instance_id, key, cached, truth.get(key))
            for node in self._nodes
            for key in KEYS
            if (cached := _cached(node, key)) != truth.get(key)
        ]

    def await_delivery(self) -> None:
        """What was sent before this has arrived: a topic keeps the order."""
        for number, writer in enumerate(self._nodes):
            value = f"{number}-{self._random.random()}"
            for node in self._nodes:
                _cached(node, CANARY)
            writer.http.put(f"/reference/rows/{CANARY}", content=value).raise_for_status()
            wait_until(
                f"all nodes are told by {writer.instance_id}",
                partial(self._all_have, CANARY, value),
                within_s=30,
            )

    def _all_have(self, key: str, value: str) -> bool:
        return all(_cached(node, key) == value for node in self._nodes)

    def _fault(self) -> None:
        """The first one is a switch, where the stock sender loses the most."""
        kind = self._next_fault
        faults = {
            "outage": self._brokers.outage,
            "silence": self._brokers.silence,
            "cut": self._brokers.cut,
            "cut connections": self._brokers.cut_open_connections,
        }
        self._next_fault = self._random.choice(["switch", "switch", *faults])
        print(f"fault: {kind}")
        if kind == "switch":
            self._brokers.switch()
        else:
            faults[kind](self._let_them_write)

    def _let_them_write(self) -> None:
        """Some attempts without a broker, or what the stock sender's waits leave of them."""
        ends = time.monotonic() + LONGEST_FAULT_S
        goal = self._attempts() + ATTEMPTS_WITHOUT_A_BROKER
        wait_until(
            "the fault is over",
            lambda: self._attempts() >= goal or time.monotonic() > ends,
            within_s=2 * LONGEST_FAULT_S,
        )

    def _attempts(self) -> int:
        return sum(writer.attempts for writer in self.writers)

    def _await_attempts(self, further: int) -> None:
        """Time is counted in what the writers did, so that a slow machine tests the same."""
        goal = self._attempts() + further
        wait_until(
            f"{further} further writes",
            lambda: self._attempts() >= goal,
            within_s=120,
        )


def _cached(node: ReferenceNode, key: str) -> str | None:
    value: str | None = node.http.get(f"/reference/rows/{key}").json()["value"]
    return value
