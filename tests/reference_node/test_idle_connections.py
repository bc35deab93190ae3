"""An idle connection between balancer and node stays open at the node.

The balancer must close it first: it would send a request into one that the node is just
closing, and its visitor would get 502.
"""

import re
import time
from contextlib import closing
from http.client import HTTPConnection, NotConnected, RemoteDisconnected
from pathlib import Path

import pytest

from contract.cluster_document import KEEP_ALIVE_S, Search
from settings.aws.sizing import keep_alive_timeout_s
from settings.cluster_document import search_node_document
from templates.renderer import TEMPLATES
from tests.support.aws_settings import aws_settings
from tests.support.reference_nodes import MakeNode
from tests.support.rendered_overlay import document_of, put_overlay
from tests.support.servers import TestDatabase
from tests.support.tomcat_paths import TomcatPaths

JDK_IDLE_S = 30
"""After so long the JDK's own server closes an idle connection."""
JDK_TICK_S = 10
"""So often it looks."""
NETWORK_BALANCER_S = 350
"""Of an idle flow (elasticloadbalancing/latest/network, connection idle timeout)."""


@pytest.mark.usefixtures("seeded")
def test_an_idle_connection_outlives_the_servers_own_limit(
    make_node: MakeNode, database: TestDatabase
) -> None:
    """By the value in the document, through overlay and connector."""
    node = make_node()
    put_overlay(node, document_of(node, database), database_password=database.password)
    node.start()

    with closing(_connected(node.port)) as connection:
        assert _answers(connection)
        time.sleep(JDK_IDLE_S + JDK_TICK_S + 2)
        assert _answers(connection)


def test_the_tomcat_of_the_erp_obeys_the_same_property(tmp_path: Path) -> None:
    """Without it, `connectionTimeout` counts; the ERP's connector sets neither."""
    limits = {"connectionTimeout": "1000", "keepAliveTimeout": "20000"}
    tomcat = TomcatPaths(tmp_path, ("/shop",), limits)
    try:
        with closing(_connected(tomcat.port)) as connection:
            assert _answers(connection)
            time.sleep(4)
            assert _answers(connection)
    finally:
        tomcat.stop()


@pytest.mark.parametrize("idle_timeout_s", [1, 300, 4000])
def test_the_load_balancer_of_aws_closes_first(idle_timeout_s: int) -> None:
    """Whatever the stack says."""
    settings = aws_settings(balancer={"idleTimeoutS": idle_timeout_s})
    assert keep_alive_timeout_s(settings) > idle_timeout_s


@pytest.mark.usefixtures("seeded")
def test_the_search_node_closes_before_its_load_balancer_forgets(
    make_node: MakeNode, database: TestDatabase
) -> None:
    """A network load balancer drops an idle flow without a word, and resets the next question: the
    client learns of an end alone that a node sends.
    """
    node = make_node()
    document = document_of(node, database)
    of_an_app_node = document.node.model_copy(update={"keep_alive_timeout_s": 330})
    document = document.model_copy(
        update={"node": of_an_app_node, "search": Search(host="search.example.com", port=8983)}
    )
    search = search_node_document(document, heap_mib=512)
    assert search.node.keep_alive_timeout_s == KEEP_ALIVE_S < NETWORK_BALANCER_S


def test_haproxy_closes_first() -> None:
    """It keeps an idle connection to a node no longer than one to a visitor."""
    configuration = (TEMPLATES / "haproxy" / "haproxy.cfg.j2").read_text()
    [kept_s] = re.findall(r"timeout http-keep-alive (\d+)s", configuration)
    assert int(kept_s) < KEEP_ALIVE_S


def _connected(port: int) -> HTTPConnection:
    """It does not connect again by itself."""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    connection.connect()
    connection.auto_open = 0
    return connection


def _answers(connection: HTTPConnection) -> bool:
    """Reads the whole answer, so that none of it is left for the next one."""
    try:
        connection.request("GET", "/images/busy.gif")
        connection.getresponse().read()
    except (RemoteDisconnected, ConnectionError, NotConnected):
        return False
    return True
