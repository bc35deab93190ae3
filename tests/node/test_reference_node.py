"""The agent with a real JVM: the reference node, a real PostgreSQL, a real broker with TLS."""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.node.documents import document
from tests.node.node_site import NodeSite
from tests.support.activemq import ActiveMqBroker
from tests.support.java_artifacts import reference_node_home
from tests.support.postgres import PostgresServer
from tests.support.server_process import free_port, wait_until

AGENT_MEMORY_GOAL_MIB = 60


@pytest.fixture
def site(tmp_path: Path, postgres: PostgresServer) -> Iterator[NodeSite]:
    with ActiveMqBroker(tls=True, users={"scipio": "broker-password-Jt5"}) as broker:
        plain = document(
            database_port=postgres.port,
            database_name="reference",
            app_user="reference_app",
            http_port=free_port(),
            health_port=free_port(),
            broker_port=broker.port,
            broker_tls=True,
        )
        made = NodeSite(
            tmp_path,
            postgres,
            plain.model_copy(
                update={
                    "messaging": plain.messaging.model_copy(
                        update={"ca_certificate": broker.ca_certificate}
                    )
                }
            ),
            tree=reference_node_home(),
            jar="reference-node.jar",
            messaging_password="broker-password-Jt5",
        )
        made.link()
        yield made
        made.remove()


def test_an_empty_database_and_a_broker_become_a_node_of_the_cluster(site: NodeSite) -> None:
    """Seeded through the loader, subscribed over TLS, served, and gone with the JVM's own code."""
    with site.start() as node:
        node.wait_until_ready(within_s=90)
        wait_until("subscribed", lambda: _told(site)["subscribed"] is True, within_s=30)
        told = _told(site)
        assert told["instanceId"] == "app-1"
        assert told["databaseUser"] == "reference_app"
        assert _resident_mib(node.process.pid) < AGENT_MEMORY_GOAL_MIB
        assert "listens." in node.output
        assert node.stop() == 143
    for name, value in site.secrets.items():
        assert value not in node.output, name


def test_a_second_boot_loads_nothing(site: NodeSite) -> None:
    """The marker is believed, so the node is there sooner."""
    assert site.command("prepare").returncode == 0
    again = site.command("prepare")
    assert again.returncode == 0
    assert "Loading" not in again.stdout
    assert "The database 'reference' is prepared." in again.stdout


def _told(site: NodeSite) -> dict[str, object]:
    url = f"http://127.0.0.1:{site.document.node.http_port}/reference/node"
    with urllib.request.urlopen(url, timeout=5) as answer:
        told: dict[str, object] = json.load(answer)
    return told


def _resident_mib(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024
