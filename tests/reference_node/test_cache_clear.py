"""A write on one node reaches the others' caches, or does not happen."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.activemq import ActiveMqBroker
from tests.support.postgres import PostgresServer
from tests.support.reference_node import ReferenceNode, Topic
from tests.support.reference_nodes import MakeNode, topic_of
from tests.support.server_process import wait_until
from tests.support.servers import TestDatabase

FRESH_WITHIN_S = 5
ROW = "/reference/rows/greeting"


@pytest.mark.usefixtures("seeded")
def test_a_write_makes_the_other_nodes_cached_copy_fresh(make_node: MakeNode, topic: Topic) -> None:
    """The peer serves the old value from its cache until the message comes."""
    writer, reader = _pair(make_node, topic)
    assert reader.http.get(ROW).json() == _row("node-b", None, cached=False)
    assert reader.http.get(ROW).json() == _row("node-b", None, cached=True)

    written = writer.http.put(ROW, content='<hello & "goodbye">\nline two').json()

    assert written["commitMs"] > 0
    assert written["value"] == '<hello & "goodbye">\nline two'
    _wait_for(reader, '<hello & "goodbye">\nline two')
    assert reader.http.get(ROW).json()["cached"] is True
    # The writer hears its own message too.
    wait_until(
        "both count the message",
        lambda: all(node.http.get(ROW).json()["clearsHeard"] == 1 for node in (writer, reader)),
        within_s=FRESH_WITHIN_S,
    )


@pytest.mark.usefixtures("seeded")
def test_without_distribution_the_cached_copy_stays_old(make_node: MakeNode, topic: Topic) -> None:
    """This is what the message is for; a read past the cache sees the truth."""
    writer, reader = make_node("node-a", topic=topic), make_node("node-b", topic=topic)
    writer.start()
    reader.start()
    wait_until("reader listens", reader.is_subscribed, within_s=10)
    reader.http.get(ROW)
    writer.http.put(ROW, content="new")
    assert reader.http.get(ROW).json() == _row("node-b", None, cached=True)
    past = reader.http.get(ROW, params={"from": "database"}).json()
    assert past == _row("node-b", "new", cached=False)


@pytest.mark.usefixtures("seeded")
def test_an_expiry_bounds_how_long_a_copy_may_be_old(make_node: MakeNode) -> None:
    """The literal wildcard key of cache.properties is obeyed."""
    node, other = make_node("node-a"), make_node("node-b")
    other.write(
        "cache.properties",
        "entitycache.entity.${delegator-name}.${entity-name}.expireTime=300\n",
    )
    node.start()
    other.start()
    other.http.get(ROW)
    node.http.put(ROW, content="new")
    _wait_for(other, "new")


@pytest.mark.usefixtures("seeded")
def test_without_a_broker_a_write_fails_and_is_rolled_back(
    make_node: MakeNode, topic: Topic, activemq: ActiveMqBroker, postgres: PostgresServer,
    database: TestDatabase,
) -> None:  # fmt: skip
    """As in stock: no message, no write; and all is well again once the broker is back."""
    writer, reader = _pair(make_node, topic)
    writer.http.put(ROW, content="before")
    _wait_for(reader, "before")
    activemq.kill()
    try:
        failed = writer.http.put(ROW, content="lost")
        assert failed.status_code == 503
        assert "JMS" in failed.json()["error"]
        wait_until("both see it gone", lambda: not _any_subscribed(writer, reader), within_s=10)
        assert writer.state()["liveBroker"] is None
    finally:
        activemq.start()
    with postgres.connect(database.name) as connection:
        rows = connection.execute("select row_value from reference_row").fetchall()
    assert rows == [("before",)]
    assert writer.http.get(ROW).json()["value"] == "before"

    wait_until("the reader listens again", reader.is_subscribed, within_s=20)
    assert writer.http.put(ROW, content="after").status_code == 200
    _wait_for(reader, "after")


@pytest.mark.usefixtures("seeded")
def test_with_distribution_but_no_messenger_every_write_fails(make_node: MakeNode) -> None:
    """The same mistake breaks the ERP in the same way."""
    node = make_node(distributed=True)
    node.start()
    failed = node.http.put(ROW, content="x")
    assert failed.status_code == 503
    assert "Could not get JMS service" in failed.json()["error"]


@pytest.mark.usefixtures("seeded")
def test_a_wrong_broker_password_fails_the_write_without_saying_it(
    make_node: MakeNode, topic: Topic
) -> None:
    """Neither the answer nor the log holds the password."""
    wrong = Topic(topic.urls, topic.user, "not-the-password")
    node = make_node(topic=wrong, distributed=True)
    node.start()
    failed = node.http.put(ROW, content="x")
    assert failed.status_code == 503
    assert "not-the-password" not in failed.text + node.log.read_text()


def test_a_broker_that_comes_after_the_node_is_found(make_node: MakeNode) -> None:
    """A node boots without a broker and subscribes as soon as there is one."""
    broker = ActiveMqBroker()
    try:
        node = make_node(topic=topic_of(broker), distributed=True)
        node.start()
        assert not node.is_subscribed()
        broker.start()
        wait_until("node listens", node.is_subscribed, within_s=20)
        assert node.state()["liveBroker"] == broker.url
    finally:
        broker.remove()


@pytest.mark.usefixtures("seeded")
def test_when_the_live_broker_dies_writes_and_clears_go_on_with_the_other(
    make_node: MakeNode, tmp_path: Path
) -> None:
    """The pair shares one store; the nodes know both addresses."""
    users = {"scipio": "pair-password"}
    first = ActiveMqBroker(users=users, store=tmp_path / "store", name="first")
    second = ActiveMqBroker(users=users, store=tmp_path / "store", name="second")
    try:
        first.start()
        second.start(wait=False)
        wait_until("second waits", second.waits_for_store, within_s=30)
        writer, reader = _pair(make_node, topic_of(first, second))
        assert writer.state()["liveBroker"] == first.url
        reader.http.get(ROW)
        first.kill()
        second.wait_until_usable()
        wait_until(
            "both listen on the second",
            lambda: all(n.state()["liveBroker"] == second.url for n in (writer, reader)),
            within_s=20,
        )
        assert writer.http.put(ROW, content="over there").status_code == 200
        _wait_for(reader, "over there")
    finally:
        first.remove()
        second.remove()


@pytest.mark.usefixtures("seeded")
def test_tls_to_the_broker_is_verified_against_the_trust_store(make_node: MakeNode) -> None:
    """With the broker's authority in the trust store it works, without it never connects."""
    with ActiveMqBroker(tls=True) as broker:
        topic = topic_of(broker)
        trusting = make_node("trusting", topic=topic, distributed=True)
        doubting = make_node("doubting", topic=replace(topic, authorities=()), distributed=True)
        trusting.start()
        doubting.start()
        wait_until("trusting node listens", trusting.is_subscribed, within_s=20)
        assert trusting.state()["liveBroker"] == broker.url
        assert trusting.http.put(ROW, content="private").status_code == 200
        assert doubting.http.put(ROW, content="x").status_code == 503
        assert not doubting.is_subscribed()


@pytest.mark.usefixtures("seeded")
def test_a_lost_database_fails_rows_alone_and_heals(
    make_node: MakeNode, postgres: PostgresServer
) -> None:
    """The health path answers throughout; the first query after the restart works."""
    node = make_node()
    node.start()
    assert node.http.put(ROW, content="kept").status_code == 200
    postgres.kill()
    try:
        assert node.http.get(ROW, params={"from": "database"}).status_code == 503
        assert node.is_healthy()
        assert node.http.get("/admin/control/main").status_code == 200
    finally:
        postgres.start()
    assert node.http.get(ROW, params={"from": "database"}).json()["value"] == "kept"


@pytest.mark.parametrize(
    ("path", "content", "status"),
    [
        ("/reference/rows/" + "k" * 256, b"x", 400),
        ("/reference/rows/a/b", b"x", 400),
        ("/reference/rows/", b"x", 400),
        ("/reference/rows/k", b"nul \x00 byte", 400),
        ("/reference/rows/k", b"\xff\xfe", 400),
        ("/reference/rows/k", b"x" * (64 * 1024 + 1), 413),
    ],
)
def test_a_row_that_no_table_could_hold_is_refused(
    bad_input_node: ReferenceNode, path: str, content: bytes, status: int
) -> None:
    """Bad input is the visitor's fault and says so."""
    refused = bad_input_node.http.put(path, content=content)
    assert refused.status_code == status, refused.text


@pytest.fixture
def bad_input_node(make_node: MakeNode) -> ReferenceNode:
    node = make_node()
    node.start()
    return node


def _pair(make_node: MakeNode, topic: Topic) -> tuple[ReferenceNode, ReferenceNode]:
    writer = make_node("node-a", topic=topic, distributed=True)
    reader = make_node("node-b", topic=topic, distributed=True)
    writer.start()
    reader.start()
    for node in (writer, reader):
        wait_until(f"{node.instance_id} listens", node.is_subscribed, within_s=10)
    return writer, reader


def _wait_for(node: ReferenceNode, value: str) -> None:
    wait_until(
        f"{node.instance_id} sees {value!r}",
        lambda: node.http.get(ROW).json()["value"] == value,
        within_s=FRESH_WITHIN_S,
    )


def _any_subscribed(*nodes: ReferenceNode) -> bool:
    return any(node.is_subscribed() for node in nodes)


def _row(instance_id: str, value: str | None, *, cached: bool) -> dict[str, object]:
    """A row of which no message was heard yet."""
    return {
        "instanceId": instance_id,
        "key": "greeting",
        "value": value,
        "cached": cached,
        "clearsHeard": 0,
    }
