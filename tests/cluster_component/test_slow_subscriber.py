"""A node that stops reading, and the product's own broker."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.longest_seen import LongestSeen
from tests.support.product_broker import ProductBroker
from tests.support.reference_node import ReferenceNode
from tests.support.reference_nodes import MakeNode, start_together, topic_of
from tests.support.server_process import wait_until

ROWS = 100
KEYS = tuple(f"/reference/rows/slow.{number}" for number in range(1, ROWS + 1))
UNREAD = 400
LIMITS = {"unread_messages": UNREAD, "slow_consumer_ms": 1000, "slow_check_ms": 500}
"""As in the product, but for the time that a test may take."""
CUT_OFF = "aborting connection"
WITHIN_S = 60

pytestmark = pytest.mark.usefixtures("seeded")


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[ProductBroker]:
    with ProductBroker(store=tmp_path / "store", limits=LIMITS) as started:
        yield started


def test_a_node_that_stops_reading_is_cut_off_and_comes_back_fresh(
    make_node: MakeNode, broker: ProductBroker, longest_seen: LongestSeen
) -> None:
    """The broker drops no clear for it unnoticed."""
    topic = topic_of(broker)
    writer, slow = (
        make_node(name, topic=topic, distributed=True, resilient=True)
        for name in ("writer", "slow")
    )
    start_together(writer, slow)
    assert _values(slow) == {None}
    assert slow.process is not None
    slow.process.send(signal.SIGSTOP)
    # In the middle of what it does not read, where a broker that drops the oldest would drop them.
    _write_others(writer, UNREAD // 2)
    _write(writer, "last")
    _write_others(writer, 2 * UNREAD)
    wait_until("it is cut off", lambda: CUT_OFF in broker.log.read_text(), within_s=WITHIN_S)
    slow.process.send(signal.SIGCONT)
    woken = time.monotonic()
    wait_until("it is fresh again", lambda: _values(slow) == {"last"}, within_s=WITHIN_S)
    longest_seen("a node stops reading clears: fresh after it woke", time.monotonic() - woken)
    _write(writer, "later")
    wait_until("it hears again", lambda: _values(slow) == {"later"}, within_s=WITHIN_S)


def _write(node: ReferenceNode, value: str) -> None:
    answer = node.http.put("/reference/rows/slow", params={"rows": ROWS}, content=value)
    answer.raise_for_status()


def _write_others(node: ReferenceNode, rows: int) -> None:
    for _ in range(0, rows, ROWS):
        answer = node.http.put("/reference/rows/other", params={"rows": ROWS}, content="any")
        answer.raise_for_status()


def _values(node: ReferenceNode) -> set[str | None]:
    """What the node's cache says of all rows."""
    return {node.http.get(key).raise_for_status().json()["value"] for key in KEYS}
