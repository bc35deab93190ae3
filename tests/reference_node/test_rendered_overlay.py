"""The overlay that the templates make is one that the reference node runs on."""

import pytest

from templates.overlay.files import SEED_SYSTEM_PROPERTIES, SYSTEM_PROPERTIES
from tests.support.activemq import ActiveMqBroker
from tests.support.reference_node import ReferenceNode
from tests.support.reference_nodes import MakeNode
from tests.support.rendered_overlay import document_of, put_overlay
from tests.support.server_process import wait_until
from tests.support.servers import TestDatabase


def test_two_nodes_on_rendered_overlays_clear_each_others_caches(
    make_node: MakeNode, database: TestDatabase, activemq: ActiveMqBroker
) -> None:
    """Seeded with the rendered seeding properties, served with the rendered ones."""
    nodes = [make_node(name) for name in ("i-0123456789abcdef0", "node-b")]
    for node in nodes:
        _put(node, database, activemq)
    first, second = nodes
    seeding = first.home / SEED_SYSTEM_PROPERTIES.path
    loaded = first.run(
        "load-data", "readers=seed", "delegator=cluster-schema", system_properties=seeding
    )
    assert loaded.returncode == 0
    assert "|E|" not in loaded.stdout

    for node in nodes:
        node.start()
    for node in nodes:
        wait_until(f"{node.instance_id} listens", node.is_subscribed, within_s=20)
    state = first.state()
    assert state["instanceId"] == "i-0123456789abcdef0"
    assert (state["scheme"], state["serverPort"]) == ("https", 8443)
    assert state["databaseUser"] == database.user

    second.http.get("/reference/rows/k")
    assert first.http.put("/reference/rows/k", content="new").status_code == 200
    wait_until(
        "the peer is fresh",
        lambda: second.http.get("/reference/rows/k").json()["value"] == "new",
        within_s=5,
    )


@pytest.mark.parametrize("make_schema", [True, False])
def test_only_the_seeding_properties_let_tables_be_made(
    make_node: MakeNode, database: TestDatabase, activemq: ActiveMqBroker, make_schema: bool
) -> None:
    """Nodes that start at once never race for tables."""
    node = make_node()
    _put(node, database, activemq)
    file = SEED_SYSTEM_PROPERTIES if make_schema else SYSTEM_PROPERTIES
    loaded = node.run(
        "load-data",
        "readers=seed",
        "delegator=cluster-schema",
        system_properties=node.home / file.path,
    )
    assert ("Created table" in loaded.stdout) is make_schema


def _put(node: ReferenceNode, database: TestDatabase, broker: ActiveMqBroker) -> None:
    put_overlay(
        node,
        document_of(node, database, broker),
        database_password=database.password,
        broker_password=next(iter(broker.users.values())),
    )
