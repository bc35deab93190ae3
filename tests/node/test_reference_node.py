"""The agent with a real JVM: the reference node, a real PostgreSQL, a real broker with TLS."""

import json
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from contract.node_times import POOL_STUCK_S, POOL_WAIT_S
from node.errors import NOT_SERVING
from tests.node.documents import document
from tests.node.node_site import NodeSite
from tests.support.activemq import ActiveMqBroker
from tests.support.java_artifacts import reference_node_home
from tests.support.longest_seen import LongestSeen
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


def test_a_node_whose_whole_pool_stands_ends_and_comes_back(
    site: NodeSite, longest_seen: LongestSeen
) -> None:
    """One request takes all connections and does nothing: health answers, and nobody is served."""
    pool, port = site.document.database.pool_max, site.document.node.http_port
    with site.start() as node:
        node.wait_until_ready(within_s=90)
        held = threading.Thread(
            target=_status,
            args=(f"http://127.0.0.1:{port}/reference/nested?connections={pool}&hold=3600000", 200),
        )
        held.start()
        stuck = time.monotonic()
        time.sleep(POOL_WAIT_S + 5)
        assert _status(f"http://127.0.0.1:{port}/images/busy.gif", 5) == 200
        checked = site.command("check", "--json").stdout
        [line] = [one for one in json.loads(checked)["results"] if one["name"] == "database.pool"]
        assert line["verdict"] == "fail", line
        assert node.process.wait_for_exit(within_s=POOL_STUCK_S + 40) == NOT_SERVING
        longest_seen("a pool that stands idle in transaction: end", time.monotonic() - stuck)
        held.join()
        assert "had its whole connection pool idle in transaction" in node.output
        assert "NestedTransactions" in node.output, "no thread dump"
    with site.start() as node:
        node.wait_until_ready(within_s=90)
        assert _status(f"http://127.0.0.1:{port}/reference/nested", 10) == 200


def test_a_second_boot_loads_nothing(site: NodeSite) -> None:
    """The marker is believed, so the node is there sooner."""
    assert site.command("prepare").returncode == 0
    again = site.command("prepare")
    assert again.returncode == 0
    assert "Loading" not in again.stdout
    assert "The database 'reference' is prepared." in again.stdout


def _status(url: str, limit_s: float) -> int | None:
    """None when the answer was cut off."""
    try:
        return httpx.get(url, timeout=limit_s).status_code
    except httpx.TransportError:
        return None


def _told(site: NodeSite) -> dict[str, object]:
    url = f"http://127.0.0.1:{site.document.node.http_port}/reference/node"
    with urllib.request.urlopen(url, timeout=5) as answer:
        told: dict[str, object] = json.load(answer)
    return told


def _resident_mib(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024
