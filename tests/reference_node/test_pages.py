"""Pages and sessions of one node, without a broker."""

import re

import pytest

from tests.support.reference_node import ReferenceNode
from tests.support.reference_nodes import MakeNode


@pytest.fixture
def node(make_node: MakeNode) -> ReferenceNode:
    started = make_node(proxy_port=9443)
    started.start()
    return started


def test_the_pages_of_a_stock_node(node: ReferenceNode) -> None:
    """What the balancer and the checks rely on, in one start."""
    gif = node.http.get("/images/busy.gif")
    assert (gif.status_code, gif.headers["content-type"], gif.content[:6]) == (
        200,
        "image/gif",
        b"GIF89a",
    )
    assert "set-cookie" not in gif.headers
    assert node.http.head("/images/busy.gif").status_code == 200

    ping = node.http.get("/admin/ping.txt")
    assert (ping.status_code, ping.text) == (200, "pong")

    main = node.http.get("/admin/control/main")
    assert "Reference node" in main.text
    assert "not</b> Scipio ERP" in main.text
    assert "node-a" in main.text

    assert node.http.get("/").status_code == 404
    assert node.http.get("/images/other.gif").status_code == 404
    for open_path in (
        "/solr/product/select",
        "/demosuite",
        "/admin/control/httpService",
        "/shop/control/SOAPService",
        "/admin/control/xmlrpc",
        "/admin/control/showDateTime/viewdatafile",
        "/own/control/view/~a=b/anything",
    ):
        assert node.http.get(open_path).status_code == 200, open_path
    assert node.http.get("/admin/control/showDateTime/~a=b").status_code == 404


def test_the_state_of_a_node_makes_no_session(node: ReferenceNode) -> None:
    """The fields that checks read, with their types."""
    answer = node.http.get("/reference/node")
    assert "set-cookie" not in answer.headers
    state = answer.json()
    uptime = state.pop("uptimeSeconds")
    assert 0 < uptime < 60
    assert state.pop("threads") > 0
    user = state.pop("databaseUser")
    assert re.fullmatch(r"test_\d+_app", user)
    assert state == {
        "implementation": "reference node",
        "instanceId": "node-a",
        "subscribed": False,
        "liveBroker": None,
        "sessions": 0,
        "scheme": "https",
        "serverPort": 9443,
    }


def test_a_session_keeps_its_values_and_no_other_sees_them(node: ReferenceNode) -> None:
    """The cookie is for the whole host, hidden from scripts, and for TLS alone."""
    put = node.http.put("/reference/session/colour%20%2B", content="blue")
    assert put.json() == {"instanceId": "node-a", "name": "colour +", "value": "blue"}
    cookie = put.headers["set-cookie"]
    found = re.fullmatch(r"(JSESSIONID=[0-9A-F]{32}); Path=/; HttpOnly; Secure", cookie)
    assert found, cookie
    mine = {"Cookie": f"other=1; {found[1]}"}

    node.http.cookies.clear()
    kept = node.http.get("/reference/session/colour%20%2B", headers=mine)
    assert (kept.status_code, kept.json()["value"]) == (200, "blue")
    assert "set-cookie" not in kept.headers

    for headers in ({}, {"Cookie": "JSESSIONID=" + "0" * 32}):
        none = node.http.get("/reference/session/colour%20%2B", headers=headers)
        assert none.status_code == 404
        assert none.json() == {"instanceId": "node-a", "name": "colour +", "value": None}
    assert node.state()["sessions"] == 1


def test_redirects_have_the_scheme_and_port_that_visitors_use(node: ReferenceNode) -> None:
    """Host from the request, scheme and port from the connector."""
    answer = node.http.get("/admin", headers={"Host": "shop.example:8081"})
    assert answer.status_code == 302
    assert answer.headers["location"] == "https://shop.example:9443/admin/control/main"
    odd = node.http.get("/admin", headers={"Host": '"><script>'})
    assert "script" not in odd.headers.get("location", "")


def test_other_methods_are_refused(node: ReferenceNode) -> None:
    """Values are read and written, nothing else."""
    assert node.http.delete("/reference/rows/k").status_code == 405
    assert node.http.post("/reference/session/k", content="x").status_code == 405
