"""A broker that dies, freezes or is cut off, while another one lives: with TLS and without.

A killed process is one kind of fault: its kernel resets every connection. A frozen one accepts and
says nothing. A host that is gone says nothing either, and its kernel does not even accept.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

import pytest

from tests.support.activemq import ActiveMqBroker
from tests.support.cut_link import cut_link
from tests.support.longest_seen import LongestSeen
from tests.support.reference_node import ReferenceNode
from tests.support.reference_nodes import MakeNode, topic_of
from tests.support.server_process import wait_until

pytestmark = pytest.mark.usefixtures("seeded")

WITHIN_S = 15
"""From the fault, or the node's start, until it receives and sends again."""
REQUEST_S = 5
"""What a write of mode `stock` is held up at the most."""
WRITES_S = 12
"""How long writes of mode `stock` go on: until an idle connection is known to be broken."""
ROW = "/reference/rows/greeting"

Fault = Callable[[ActiveMqBroker], AbstractContextManager[None]]


@contextmanager
def killed(broker: ActiveMqBroker) -> Iterator[None]:
    broker.kill()
    try:
        yield
    finally:
        broker.start()


@contextmanager
def frozen(broker: ActiveMqBroker) -> Iterator[None]:
    broker.freeze()
    try:
        yield
    finally:
        broker.thaw()


@contextmanager
def vanished(broker: ActiveMqBroker) -> Iterator[None]:
    with cut_link(broker.port):
        yield


FAULTS = [killed, frozen, vanished]


@pytest.fixture(scope="module", params=[False, True], ids=["tcp", "tls"])
def brokers(request: pytest.FixtureRequest) -> Iterator[tuple[ActiveMqBroker, ActiveMqBroker]]:
    """Both live, each with a store of its own: nothing waits for a lock."""
    users = {"scipio": "pair-password"}
    with ExitStack() as ending:
        first, second = (
            ending.enter_context(ActiveMqBroker(users=users, tls=request.param, name=name))
            for name in ("first", "second")
        )
        yield first, second


@pytest.mark.parametrize("fault", FAULTS)
def test_a_node_that_starts_finds_the_broker_that_lives(
    make_node: MakeNode,
    brokers: tuple[ActiveMqBroker, ActiveMqBroker],
    fault: Fault,
    longest_seen: LongestSeen,
) -> None:
    first, second = brokers
    node = make_node(topic=topic_of(first, second), distributed=True, resilient=True)
    with fault(first):
        started = time.monotonic()
        node.start()
        _write(node)
        took_s = _until_in_order(node, second, started)
    longest_seen(f"a node starts, the first broker is {_named(fault, first)}", took_s)
    assert took_s < WITHIN_S


@pytest.mark.parametrize("fault", FAULTS)
def test_a_node_that_is_connected_goes_to_the_broker_that_lives(
    make_node: MakeNode,
    brokers: tuple[ActiveMqBroker, ActiveMqBroker],
    fault: Fault,
    longest_seen: LongestSeen,
) -> None:
    first, second = brokers
    node = make_node(topic=topic_of(first, second), distributed=True, resilient=True)
    node.start()
    _until_in_order(node, first, time.monotonic())
    with fault(first):
        cut = time.monotonic()
        _write(node)
        took_s = _until_in_order(node, second, cut)
    longest_seen(f"nodes are connected, their broker is {_named(fault, first)}", took_s)
    assert took_s < WITHIN_S


@pytest.mark.parametrize("fault", FAULTS)
def test_in_mode_stock_no_request_is_held_up_for_long(
    make_node: MakeNode,
    brokers: tuple[ActiveMqBroker, ActiveMqBroker],
    fault: Fault,
    longest_seen: LongestSeen,
) -> None:
    """A write may fail, as the ERP's own sender has it; the next ones find the other broker."""
    first, second = brokers
    node = make_node(topic=topic_of(first, second), distributed=True)
    node.start()
    _write(node)
    took_s = []
    with fault(first):
        ends = time.monotonic() + WRITES_S
        while time.monotonic() < ends:
            began = time.monotonic()
            answer = node.http.put(ROW, content="while it is gone")
            took_s.append(time.monotonic() - began)
    assert answer.status_code == 200
    longest_seen(f"mode stock, a write while a broker is {_named(fault, first)}", max(took_s))
    assert max(took_s) < REQUEST_S


@pytest.mark.parametrize("fault", FAULTS)
def test_in_mode_stock_no_request_is_held_up_for_long_while_no_broker_lives(
    make_node: MakeNode,
    brokers: tuple[ActiveMqBroker, ActiveMqBroker],
    fault: Fault,
    longest_seen: LongestSeen,
) -> None:
    first, second = brokers
    node = make_node(topic=topic_of(first, second), distributed=True)
    node.start()
    _write(node)
    took_s = []
    with fault(first), fault(second):
        for _ in range(3):
            began = time.monotonic()
            answer = node.http.put(ROW, content="while both are gone")
            took_s.append(time.monotonic() - began)
            assert answer.status_code == 503
    longest_seen(f"mode stock, a write while both brokers are {_named(fault, first)}", max(took_s))
    assert max(took_s) < REQUEST_S


def _named(fault: Fault, broker: ActiveMqBroker) -> str:
    return f"{fault.__name__}, {'TLS' if broker.ca_certificate else 'tcp'}"


def _write(node: ReferenceNode) -> None:
    node.http.put(ROW, content=f"{time.monotonic()}").raise_for_status()


def _until_in_order(node: ReferenceNode, broker: ActiveMqBroker, since: float) -> float:
    """Seconds from `since` until it receives from this broker, and everything is sent."""

    def in_order() -> bool:
        state = node.state()
        return (
            state["liveBroker"] == broker.url
            and state["cacheClearConnected"] is True
            and state["cacheClearQueueDepth"] == 0
        )

    wait_until(f"{node.instance_id} is in order again", in_order, within_s=3 * WITHIN_S)
    return time.monotonic() - since
