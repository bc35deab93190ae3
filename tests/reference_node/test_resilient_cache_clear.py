"""With the cluster component a write never waits for a broker, and no copy stays old."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.activemq import ActiveMqBroker
from tests.support.reference_node import ReferenceNode, Topic
from tests.support.reference_nodes import MakeNode, start_together, topic_of
from tests.support.server_process import wait_until

pytestmark = pytest.mark.usefixtures("seeded")

ROW = "/reference/rows/greeting"
FRESH_WITHIN_S = 10
"""After a broker is there again; a slow machine multiplies it (`TEST_SLOWNESS`)."""
WAIT_S = 3
"""How long whoever waits for a broker waits at the least (`timeout`, `jms.sendTimeout`)."""
WRITES = 50
LAST = f"value {WRITES - 1}"


@pytest.fixture
def broker() -> Iterator[ActiveMqBroker]:
    """A broker of the test's own, which may be killed."""
    with ActiveMqBroker() as started:
        yield started


def test_a_write_makes_the_other_nodes_cached_copy_fresh(make_node: MakeNode, topic: Topic) -> None:
    writer, reader = _pair(make_node, topic)
    _read_old(reader)
    _write(writer, "new")
    _wait_for(reader, "new")
    assert _figures(writer)["Sent"] == 1


def test_a_write_that_is_rolled_back_sends_nothing(make_node: MakeNode, topic: Topic) -> None:
    writer, reader = _pair(make_node, topic)
    writer.http.put(ROW, content="never", params={"rollback": "yes"}).raise_for_status()
    _write(writer, "new")
    _wait_for(reader, "new")
    assert (_figures(writer)["Queued"], _figures(writer)["Sent"]) == (1, 1)


def test_a_hundred_rows_of_one_transaction_reach_the_peer(
    make_node: MakeNode, topic: Topic
) -> None:
    writer, reader = _pair(make_node, topic)
    last = f"{ROW}.100"
    assert reader.http.get(last).json()["value"] is None
    writer.http.put(ROW, content="many", params={"rows": "100"}).raise_for_status()
    wait_until("last row fresh", lambda: _value(reader, last) == "many", within_s=FRESH_WITHIN_S)
    assert _figures(writer)["Sent"] == 100


def test_a_stock_node_understands_the_messages(make_node: MakeNode, topic: Topic) -> None:
    """A cluster may be changed over node by node."""
    writer = make_node("node-a", topic=topic, distributed=True, resilient=True)
    reader = make_node("node-b", topic=topic, distributed=True)
    start_together(writer, reader)
    _read_old(reader)
    _write(writer, "new")
    _wait_for(reader, "new")
    reader.http.put(ROW, content="newer").raise_for_status()
    _wait_for(writer, "newer")


def test_writes_go_on_without_a_broker_and_peers_are_fresh_when_one_is_back(
    make_node: MakeNode, broker: ActiveMqBroker
) -> None:
    """Without a further write: what could not be said became one clear of everything."""
    writer, reader = _pair(make_node, topic_of(broker))
    _read_old(reader)
    broker.kill()
    _write_many_without_waiting(writer)
    assert _value(reader, ROW) is None, "the reader cannot know yet"
    # Until then the client may find a broker again by itself, and nothing is lost.
    wait_until("an attempt failed", lambda: _figures(writer)["Failures"] >= 1, within_s=30)
    broker.start()
    _wait_for(reader, LAST)
    wait_until(
        "it is sent", lambda: _figures(writer)["ClearAllsSent"] >= 1, within_s=FRESH_WITHIN_S
    )
    _assert_nothing_is_unaccounted_for(writer)
    assert _figures(writer)["DroppedToClearAll"] >= 1


def test_after_a_short_outage_every_clear_was_confirmed_or_became_a_clear_of_everything(
    make_node: MakeNode, broker: ActiveMqBroker
) -> None:
    writer, reader = _pair(make_node, topic_of(broker))
    _read_old(reader)
    broker.kill()
    for number in range(WRITES):
        writer.http.put(f"{ROW}.{number}", content="new").raise_for_status()
    assert _figures(writer)["QueueDepth"] >= 1, "nobody can have confirmed all of it"
    broker.start()
    wait_until("it is sent", lambda: _figures(writer)["QueueDepth"] == 0, within_s=FRESH_WITHIN_S)
    _assert_nothing_is_unaccounted_for(writer)
    assert writer.state()["cacheClearConnected"] is True


def test_the_figures_file_says_whether_the_node_hears_of_clears(
    make_node: MakeNode, broker: ActiveMqBroker, tmp_path: Path
) -> None:
    """For the agent beside the JVM; the node counts as subscribed once it missed nothing more."""
    file = tmp_path / "cache-clear.json"
    writer = make_node("node-a", topic=topic_of(broker), distributed=True, resilient=True)
    writer.write_system_properties({"scipio.cluster.cacheClear.figuresFile": str(file)})
    started = time.time()
    start_together(writer)
    wait_until(
        "subscribed", lambda: file.exists() and _read(file)["subscribed"] is True, within_s=20
    )
    assert started - 1 < float(str(_read(file)["subscribedSince"])) <= time.time() + 1
    _write(writer, "new")
    wait_until("sent", lambda: _read(file)["sent"] == 1, within_s=20)
    assert _read(file)["connected"] is True
    wait_until("its own clear came back", lambda: _read(file)["received"] == 1, within_s=20)
    assert _read(file)["notFollowed"] == 0
    broker.kill()
    wait_until("not subscribed", lambda: _read(file)["subscribed"] is False, within_s=20)
    assert _read(file)["subscribedSince"] is None
    wait_until("not connected", lambda: _read(file)["connected"] is False, within_s=20)
    written = _read(file)["at"]
    wait_until("written again", lambda: _read(file)["at"] != written, within_s=20)


def test_a_node_boots_and_writes_while_there_is_no_broker(make_node: MakeNode) -> None:
    broker = ActiveMqBroker()
    try:
        writer = make_node("node-a", topic=topic_of(broker), distributed=True, resilient=True)
        reader = make_node("node-b", topic=topic_of(broker), distributed=True, resilient=True)
        writer.start()
        reader.start()
        _read_old(reader)
        _write(writer, "early")
        broker.start()
        _wait_for(reader, "early")
    finally:
        broker.remove()


def test_a_silent_broker_stops_no_write(make_node: MakeNode, broker: ActiveMqBroker) -> None:
    writer, reader = _pair(make_node, topic_of(broker))
    _read_old(reader)
    broker.freeze()
    _write_many_without_waiting(writer)
    broker.thaw()
    _wait_for(reader, LAST)


def test_a_node_clears_its_own_cache_when_its_subscription_had_a_gap(
    make_node: MakeNode, broker: ActiveMqBroker
) -> None:
    """Nobody tells it: the writer sends nothing, as a node that was killed after its commit."""
    topic = topic_of(broker)
    silent = make_node("silent", topic=topic, distributed=False)
    watched = make_node("watched", topic=topic, distributed=True, resilient=True)
    stock = make_node("stock", topic=topic, distributed=True)
    start_together(silent, watched, stock)
    _read_old(watched)
    _read_old(stock)
    silent.http.put(ROW, content="new").raise_for_status()
    assert _value(watched, ROW) is None
    broker.kill()
    broker.start()
    _wait_for(watched, "new")
    wait_until("the stock node listens again", stock.is_subscribed, within_s=FRESH_WITHIN_S)
    assert _value(stock, ROW) is None, "the stock listener only logs"


def test_when_the_live_broker_of_a_pair_is_killed_no_peer_stays_stale(
    make_node: MakeNode, tmp_path: Path
) -> None:
    users = {"scipio": "pair-password"}
    first = ActiveMqBroker(users=users, store=tmp_path / "store", name="first")
    second = ActiveMqBroker(users=users, store=tmp_path / "store", name="second")
    try:
        first.start()
        second.start(wait=False)
        wait_until("second waits", second.waits_for_store, within_s=30)
        writer, reader = _pair(make_node, topic_of(first, second))
        keys = [f"/reference/rows/k{number}" for number in range(20)]
        first.kill()
        for key in keys:
            reader.http.get(key)
            writer.http.put(key, content="new").raise_for_status()
        second.wait_until_usable()
        wait_until(
            "all peers equal the database",
            lambda: all(_value(node, key) == "new" for node in (writer, reader) for key in keys),
            within_s=FRESH_WITHIN_S,
        )
    finally:
        first.remove()
        second.remove()


def test_writes_without_a_broker_leak_no_thread(
    make_node: MakeNode, broker: ActiveMqBroker
) -> None:
    writer = make_node("node-a", topic=topic_of(broker), distributed=True, resilient=True)
    start_together(writer)
    for number in range(250):
        # So many that the web server's own threads are there, 200.
        _write(writer, f"before {number}")
    before = _threads(writer)
    broker.kill()
    for number in range(200):
        _write(writer, f"value {number}")
    wait_until("three attempts", lambda: _figures(writer)["Failures"] >= 3, within_s=30)
    # A connection that is being closed and one that is being made.
    assert _threads(writer) <= before + 8


def test_a_node_that_is_stopped_says_what_it_has_still_to_say(
    make_node: MakeNode, topic: Topic
) -> None:
    writer, reader = _pair(make_node, topic)
    _read_old(reader)
    _write(writer, "last words")
    writer.stop()
    _wait_for(reader, "last words")


def test_another_class_is_refused_by_name(make_node: MakeNode, topic: Topic) -> None:
    node = make_node(topic=topic, distributed=True, resilient=True)
    overlay = node.home / "entityengine.xml"
    overlay.write_text(overlay.read_text().replace("ResilientCacheClear", "Unknown"))
    ended = node.run(system_properties=node.system_properties)
    assert ended.returncode == 99
    assert "got clustercacheclear.erp.Unknown; the reference node has" in (
        ended.stdout + ended.stderr
    )


def _pair(make_node: MakeNode, topic: Topic) -> tuple[ReferenceNode, ReferenceNode]:
    writer = make_node("node-a", topic=topic, distributed=True, resilient=True)
    reader = make_node("node-b", topic=topic, distributed=True, resilient=True)
    start_together(writer, reader)
    return writer, reader


def _read_old(reader: ReferenceNode) -> None:
    """The reader's cache knows that there is no such row."""
    reader.http.get(ROW)
    assert reader.http.get(ROW).json()["cached"] is True


def _write_many_without_waiting(node: ReferenceNode) -> None:
    """The limit is in waits, so that a slow machine is no reason to fail."""
    started = time.monotonic()
    for number in range(WRITES):
        _write(node, f"value {number}")
    assert time.monotonic() - started < WRITES * WAIT_S / 2


def _write(node: ReferenceNode, value: str) -> None:
    node.http.put(ROW, content=value).raise_for_status()


def _value(node: ReferenceNode, row: str) -> str | None:
    value: str | None = node.http.get(row).json()["value"]
    return value


def _wait_for(node: ReferenceNode, value: str) -> None:
    wait_until(
        f"{node.instance_id} sees {value!r}",
        lambda: _value(node, ROW) == value,
        within_s=FRESH_WITHIN_S,
    )


def _figures(node: ReferenceNode) -> dict[str, float]:
    prefix = "cacheClear"
    return {
        name.removeprefix(prefix): float(str(value))
        for name, value in node.state().items()
        if name.startswith(prefix) and not isinstance(value, bool)
    }


def _assert_nothing_is_unaccounted_for(writer: ReferenceNode) -> None:
    figures = _figures(writer)
    ended = figures["Sent"] + figures["Coalesced"] + figures["DroppedToClearAll"]
    assert ended + figures["QueueDepth"] == figures["Queued"], figures


def _read(file: Path) -> dict[str, object]:
    read: dict[str, object] = json.loads(file.read_text())
    return read


def _threads(node: ReferenceNode) -> int:
    assert node.process is not None
    return len(list(Path(f"/proc/{node.process.pid}/task").iterdir()))
