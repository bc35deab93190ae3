"""More visitors at once than a node has threads and connections: they wait, and none is lost."""

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from contract.cluster_document import ClusterDocument, PublicEndpoint
from contract.node_times import POOL_WAIT_S
from contract.request_threads import request_threads
from contract.routing import RoutingRules
from settings.routing import HEALTH_PATH, blocked
from settings.visitor_paths import BLOCKED_PATHS
from templates.haproxy.context import (
    Listeners,
    NodeAddress,
    StaticNodes,
    balancer_configuration,
    request_limits,
)
from templates.renderer import render
from tests.support.certificates import certificate_and_key, make_server_certificate
from tests.support.longest_seen import LongestSeen
from tests.support.reference_node import ReferenceNode
from tests.support.reference_nodes import MakeNode
from tests.support.rendered_overlay import document_of, put_overlay
from tests.support.server_process import ServerProcess, free_port, wait_until
from tests.support.servers import TestDatabase
from tests.support.visitors import visit

NESTED = "/reference/nested?work=100"
"""Three connections, the first held for 100 ms before the second is taken: 100 pages a second with
ten threads, so that the database and this machine's processors are not what is measured."""
MEASURED_S = 5
LEAST_SHARE = 0.85
"""Of the throughput with ten visitors: the noise of a shared machine."""


@pytest.fixture
def node(
    make_node: MakeNode, database: TestDatabase, seeded: None
) -> tuple[ReferenceNode, ClusterDocument]:
    """With the overlay that a cluster of profile `local` gives it; not started."""
    made = make_node()
    document = document_of(made, database)
    put_overlay(made, document, database_password=database.password)
    return made, document


def test_fifty_and_a_hundred_visitors_get_as_much_as_ten(
    node: tuple[ReferenceNode, ClusterDocument],
) -> None:
    """Without a balancer that limits them, as on AWS: the rest waits in the node."""
    serving, document = node
    serving.start()
    url = f"http://127.0.0.1:{serving.port}{NESTED}"
    visit(url, 10, 1)
    ten = visit(url, 10, MEASURED_S)
    print(ten)
    for visitors in (20, 50, 100):
        many = visit(url, visitors, MEASURED_S)
        print(many)
        assert set(many.statuses) == {200}, many
        assert many.pages_a_second >= LEAST_SHARE * ten.pages_a_second, (many, ten)
    assert request_threads(pool_max=document.database.pool_max, job_threads=2) == 10


def test_with_the_threads_of_stock_and_ten_connections_the_same_visitors_stand_still(
    node: tuple[ReferenceNode, ClusterDocument],
) -> None:
    """What the rule is for. The pool's wait ends it: every request is answered, and later ones
    are served."""
    serving, _ = node
    _replace(serving.home / "entityengine.xml", 'pool-maxsize="33"', 'pool-maxsize="10"')
    _replace(
        serving.home / "framework" / "catalina" / "scipio-component.xml",
        '"maxThreads" value="10"',
        '"maxThreads" value="200"',
    )
    serving.start()
    url = f"http://127.0.0.1:{serving.port}{NESTED}"
    frozen = visit(url, 50, MEASURED_S)
    print(frozen)
    assert frozen.statuses[503] > 0
    assert frozen.pages_a_second < 10
    assert frozen.longest_s < POOL_WAIT_S * 3
    assert set(visit(url, 2, 1).statuses) == {200}


def test_health_is_answered_while_every_thread_for_visitors_is_at_work(
    node: tuple[ReferenceNode, ClusterDocument],
) -> None:
    """By the connector of its own; the one for visitors makes it wait."""
    serving, document = node
    serving.start()
    url = f"http://127.0.0.1:{serving.port}/reference/nested?hold=8000"
    clients = [httpx.Client(timeout=0.5) for _ in range(12)]
    for client in clients:
        with pytest.raises(httpx.ReadTimeout):
            client.get(url)
        client.close()
    health = f"http://127.0.0.1:{document.node.health_port}{document.node.health_path}"
    asked = time.monotonic()
    assert httpx.get(health, timeout=2).status_code == 200
    print(f"health answered in {time.monotonic() - asked:.3f} s")
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(f"http://127.0.0.1:{serving.port}{document.node.health_path}", timeout=1)


@pytest.fixture
def balanced(
    node: tuple[ReferenceNode, ClusterDocument], tmp_path: Path
) -> Iterator[tuple[str, Listeners]]:
    """The node behind the product's balancer: its URL without TLS's certificate, its listeners."""
    serving, document = node
    serving.start()
    listen = Listeners(
        https_port=free_port(),
        http_port=free_port(),
        statistics_port=free_port(),
        address="127.0.0.1",
    )
    certificate = tmp_path / "certificate.pem"
    certificate.write_bytes(
        certificate_and_key(make_server_certificate("unused").key_store, "unused")
    )
    threads = request_threads(
        pool_max=document.database.pool_max, job_threads=document.node.job_threads
    )
    configuration = tmp_path / "haproxy.cfg"
    configuration.write_text(
        render(
            balancer_configuration(
                routing=RoutingRules(
                    health_path=HEALTH_PATH,
                    root_redirect="/admin/control/main",
                    blocked=blocked(BLOCKED_PATHS),
                    stickiness_s=3600,
                ),
                public_endpoint=PublicEndpoint(host="localhost", https_port=listen.https_port),
                nodes=StaticNodes(
                    addresses=(
                        NodeAddress(
                            name="one",
                            host="127.0.0.1",
                            port=serving.port,
                            health_port=document.node.health_port,
                            sign_port=free_port(),
                        ),
                    ),
                    requests=request_limits(threads),
                ),
                certificate_path=str(certificate),
                dynamic_cookie_key="key of the tests",
                listen=listen,
            )
        )
    )
    process = ServerProcess(
        "HAProxy", ["haproxy", "-db", "-f", str(configuration)], log=tmp_path / "haproxy.log"
    )
    url = f"https://localhost:{listen.https_port}"
    wait_until("the node is up", lambda: _answers(f"{url}{HEALTH_PATH}"), within_s=20)
    yield url, listen
    process.end()


def test_a_burst_waits_at_the_balancer_and_every_visitor_is_served(
    balanced: tuple[str, Listeners], longest_seen: LongestSeen
) -> None:
    """The node gets as many requests as it has threads, and none waits in it."""
    url, listen = balanced
    ten = visit(f"{url}{NESTED}", 10, MEASURED_S)
    hundred = visit(f"{url}{NESTED}", 100, MEASURED_S)
    print(ten, hundred, sep="\n")
    assert set(hundred.statuses) == {200}, hundred
    assert hundred.pages_a_second >= LEAST_SHARE * ten.pages_a_second
    longest_seen("100 visitors at 10 threads: a page", hundred.longest_s)
    server = statistics(listen)
    assert server["status"] == "UP"
    assert int(server["smax"]) == 10
    assert int(server["qmax"]) >= 80


def test_visitors_who_leave_do_not_take_their_node_down(balanced: tuple[str, Listeners]) -> None:
    """The balancer forgets a request whose visitor has gone, and the node works on it: every
    thread is taken, and more requests wait in it than threads."""
    url, listen = balanced
    for _ in range(30):
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(f"{url}/reference/nested?hold=12000", verify=False, timeout=0.2)  # noqa: S501 - a test's own certificate
    busy_until = time.monotonic() + 10
    while time.monotonic() < busy_until:
        assert statistics(listen)["status"] == "UP"
        time.sleep(0.5)
    assert int(statistics(listen)["chkdown"]) == 0


def statistics(listen: Listeners) -> dict[str, str]:
    """What the balancer knows of the node."""
    rows = httpx.get(f"http://127.0.0.1:{listen.statistics_port}/;csv").text.splitlines()
    names = rows[0].lstrip("# ").split(",")
    [server] = [
        dict(zip(names, row.split(","), strict=False))
        for row in rows
        if row.startswith("nodes,one,")
    ]
    return server


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, verify=False, timeout=2).status_code == 200  # noqa: S501 - a test's own certificate
    except httpx.TransportError:
        return False


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
