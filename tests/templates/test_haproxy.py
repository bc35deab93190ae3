"""The balancer's configuration, in a real HAProxy."""

import subprocess
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from settings.maintenance import Maintenance, maintenance_rule
from templates.renderer import render
from tests.templates.balanced import ADDRESS, ROUTING, Balanced
from tests.templates.samples import BALANCER


@pytest.fixture(scope="module")
def balanced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Balanced]:
    running = Balanced(tmp_path_factory.mktemp("haproxy"))
    try:
        running.wait_until_all_up()
        yield running
    finally:
        running.stop()


def test_the_configuration_with_dockers_name_server_is_valid(
    balanced: Balanced, tmp_path: Path
) -> None:
    certificate = balanced.configuration.with_name("certificate.pem")
    text = render(BALANCER).replace(BALANCER.certificate_path, str(certificate))
    text = text.replace("/run/balancer", str(tmp_path))
    (tmp_path / "servers").write_text("1\n")
    (tmp_path / "haproxy.cfg").write_text(text)
    checked = subprocess.run(
        ["haproxy", "-c", "-f", str(tmp_path / "haproxy.cfg")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
    assert "warning" not in (checked.stdout + checked.stderr).lower()
    for colour in ("blue", "green"):
        assert (
            f"server-template {colour} 1-6 app-{colour}:8081 resolvers docker resolve-prefer ipv4 "
            in text
        )


def test_a_visitor_with_the_cookie_stays_on_its_node(balanced: Balanced) -> None:
    first = balanced.get("/admin/x")
    assert first.cookie is not None
    again = [balanced.get("/shop/y", {"Cookie": first.cookie}) for _ in range(10)]
    assert {answer.node for answer in again} == {first.node}


def test_visitors_without_the_cookie_spread_over_all_nodes(balanced: Balanced) -> None:
    assert {balanced.get("/admin/x").node for _ in range(6)} == {"one", "two"}


def test_the_cookie_is_for_the_whole_site_and_for_the_balancer_alone(balanced: Balanced) -> None:
    first = balanced.get("/admin/x")
    attributes = {part.strip().lower() for part in first.headers["set-cookie"].split(";")[1:]}
    assert {"path=/", "httponly", "secure"} <= attributes
    assert first.cookie is not None
    assert first.cookie.startswith("SCIPIO_NODE=")
    again = balanced.get("/admin/x", {"Cookie": f"JSESSIONID=abc; {first.cookie}"})
    assert again.seen("cookie") == ["JSESSIONID=abc"]


@pytest.mark.parametrize(
    "path",
    [
        "/solr",
        "/solr/",
        "/solr/admin/cores?action=STATUS",
        "/SOLR/product",
        "/%73olr",
        "/%53%4f%4C%52/x",
        "//solr",
        "///solr//admin",
        "/./solr",
        "/././/solr",
        "/%2e/solr",
        "/;x/solr",
        "/solr;jsessionid=1/admin",
        "/solr%3bx/admin",
        "/;/;a=b/./solr",
        "/demosuite/control/main",
        "/admin/control/httpService",
        "/admin/control/HTTPSERVICE?serviceName=testScv",
        "/admin/control;x=1/httpService;y",
        "/webtools//control/./SOAPService",
        "/a/b/control/httpService",
        "/control/httpService",
        "/admin/control/httpService/more",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_blocked_path_is_blocked_however_it_is_written(
    balanced: Balanced, path: str, method: str
) -> None:
    assert balanced.get(path, method=method).status == 403


@pytest.mark.parametrize(
    "path",
    [
        "/x/../solr",
        "/x/%2e%2e/solr",
        "/x/.%2E/solr",
        "/x/..;a/solr",
        "/x/..",
        "/x%2fsolr",
        "/x%5c..%5csolr",
        "/x\\solr",
        "/solr%00",
        "/%zz/solr",
        "/%7",
    ],
)
def test_a_path_that_no_browser_sends_is_refused(balanced: Balanced, path: str) -> None:
    assert balanced.get(path).status == 400


def test_a_blocked_path_is_blocked_when_the_request_names_the_whole_address(
    balanced: Balanced,
) -> None:
    assert balanced.get("https://localhost/solr/admin").status == 403


@pytest.mark.parametrize(
    "path",
    [
        "/admin/control/main",
        "/solrx",
        "/shop/solr",
        "/shop/demosuite",
        "/admin/control/httpServices",
        "/images/busy.gif",
        "/shop/a..b/c...d",
        "/shop/%C3%BC?next=/solr&x=../y;z",
        "/shop/product;jsessionid=1",
    ],
)
def test_other_paths_reach_a_node_exactly_as_they_were_sent(balanced: Balanced, path: str) -> None:
    answer = balanced.get(path)
    assert answer.status == 200
    assert f'"path": "{path}"'.encode() in answer.body


@pytest.mark.parametrize("path", ["/", "/?a=b"])
def test_the_root_leads_to_the_start_page(balanced: Balanced, path: str) -> None:
    answer = balanced.get(path)
    assert answer.status == 302
    assert answer.headers["location"] == "/admin/control/main"


def test_plain_http_leads_to_the_public_https_port(balanced: Balanced) -> None:
    answer = balanced.get_plain(balanced.listen.http_port, "/admin/x?y=1")
    assert answer.status == 301
    assert answer.headers["location"] == "https://localhost:8443/admin/x?y=1"


def test_what_a_visitor_says_of_where_it_comes_from_is_not_believed(balanced: Balanced) -> None:
    answer = balanced.get(
        "/admin/x",
        {
            "X-Forwarded-Proto": "http",
            "x-forwarded-for": "6.6.6.6",
            "X-Forwarded-Host": "evil.example",
            "X-Forwarded-Port": "1",
            "Forwarded": "for=6.6.6.6",
            "X-Real-IP": "6.6.6.6",
        },
    )
    assert answer.seen("x-forwarded-proto") == ["https"]
    assert answer.seen("x-forwarded-for") == [ADDRESS]
    assert answer.seen("x-forwarded-port") == ["8443"]
    for forged in ("x-forwarded-host", "forwarded", "x-real-ip"):
        assert answer.seen(forged) == []


def test_the_statistics_are_there_for_people_and_for_machines(balanced: Balanced) -> None:
    port = balanced.listen.statistics_port
    servers = {row["svname"]: row for row in balanced.statistics() if row["pxname"] == "nodes"}
    assert {"one", "two"} <= servers.keys()
    assert servers["one"]["status"] == "UP"
    assert servers["one"]["check_status"] == "L7OK"
    assert b"<table" in balanced.get_plain(port, "/").body
    assert balanced.get_plain(port, "/;csv").body.startswith(b"# pxname,svname,")
    assert balanced.get_plain(port, "/alive").status == 200


def test_the_statistics_are_not_on_the_visitors_port(balanced: Balanced) -> None:
    assert b"pxname" not in balanced.get("/;csv").body


@pytest.fixture(scope="module")
def shut_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Balanced]:
    """The tests' own address is not among those that may reach the back office."""
    cidrs = ("192.0.2.0/24", "198.51.100.7/32")
    yield from _running(tmp_path_factory.mktemp("shut"), cidrs)


@pytest.fixture(scope="module")
def open_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Balanced]:
    """It is, in the last of more blocks than one line of the configuration takes."""
    cidrs = (*(f"192.0.2.{number}/32" for number in range(100)), "127.0.0.0/8")
    yield from _running(tmp_path_factory.mktemp("open"), cidrs)


def _running(folder: Path, cidrs: tuple[str, ...]) -> Iterator[Balanced]:
    running = Balanced(folder, ROUTING.model_copy(update={"back_office_cidrs": cidrs}))
    try:
        running.wait_until_all_up()
        yield running
    finally:
        running.stop()


@pytest.mark.parametrize(
    "path",
    [
        "/admin",
        "/admin/control/main",
        "/ADMIN/control/main",
        "/%61dmin/x",
        "//admin/x",
        "/./admin",
        "/admin;jsessionid=1/control/main",
        "/webtools/control/main?x=/shop",
        "/own/control/main",
        "/shopx",
        "/ismgr/control/main",
        "/iCalendar/x",
    ],
)
def test_the_back_office_is_shut_to_strangers_however_it_is_written(
    shut_office: Balanced, path: str
) -> None:
    forged = {"X-Forwarded-For": "192.0.2.1", "X-Real-IP": "192.0.2.1"}
    assert shut_office.get(path).status == 403
    assert shut_office.get(path, forged).status == 403


@pytest.mark.parametrize(
    "path",
    [
        "/shop/control/main",
        "/shop",
        "/shop/admin",
        "/images/x.gif",
        "/shop/products/PH/PH-1000",
        "/shop/control/product/~product_id=PH-1000/~category_id=PH",
        "/ignite-shop-theme/css/app.css",
    ],
)
def test_what_is_public_is_open_to_strangers(shut_office: Balanced, path: str) -> None:
    assert shut_office.get(path).status == 200


def test_the_start_page_is_named_to_strangers_too(shut_office: Balanced) -> None:
    assert shut_office.get("/").status == 302


def test_who_comes_from_an_address_of_the_back_office_reaches_all_but_what_is_blocked(
    open_office: Balanced,
) -> None:
    assert open_office.get("/admin/control/main").status == 200
    assert open_office.get("/shop/control/main").status == 200
    assert open_office.get("/solr/admin").status == 403


def test_without_addresses_the_back_office_is_open(balanced: Balanced) -> None:
    assert balanced.get("/admin/control/main").status == 200
    assert "from_back_office" not in balanced.configuration.read_text()


def test_without_public_paths_everything_is_the_back_office(tmp_path: Path) -> None:
    nothing_public = {"public_paths": (), "view_paths": (), "back_office_cidrs": ("192.0.2.0/24",)}
    running = Balanced(tmp_path, ROUTING.model_copy(update=nothing_public))
    try:
        running.wait_until_all_up()
        assert running.get("/shop").status == 403
        assert running.get("/").status == 302
    finally:
        running.stop()


MAINTENANCE = "Zurück um 18:00 – it's & <soon> \\ $HOME."


def in_maintenance(folder: Path, still_in: tuple[str, ...]) -> Balanced:
    rule = maintenance_rule(Maintenance(text=MAINTENANCE, still_in=still_in))
    return Balanced(folder, ROUTING.model_copy(update={"maintenance": rule}))


def test_in_maintenance_everyone_gets_the_page_with_503(tmp_path: Path) -> None:
    running = in_maintenance(tmp_path, ("192.0.2.0/24",))
    try:
        running.wait_until_all_up()
        for path in ("/", "/shop/control/main", "/admin/control/main", "/images/x.gif"):
            answer = running.get(path)
            assert answer.status == 503
            assert unescape(answer.body.decode()).count(MAINTENANCE) == 1
        assert running.get("/solr/admin").status == 403
    finally:
        running.stop()


def test_in_maintenance_who_is_still_in_is_served(tmp_path: Path) -> None:
    running = in_maintenance(tmp_path, ("127.0.0.0/8",))
    try:
        running.wait_until_all_up()
        assert running.get("/shop/control/main").status == 200
        assert running.get("/admin/control/main").status == 200
        assert running.get("/solr/admin").status == 403
    finally:
        running.stop()


@pytest.mark.parametrize(
    ("sent", "arrives"),
    [
        (["websocket"], ["websocket"]),
        (["WebSocket"], ["WebSocket"]),
        (["h2c"], []),
        (["websocket, h2c"], []),
        (["websocket", "h2c"], []),
        (["TLS/1.0"], []),
    ],
)
def test_a_connection_changes_to_websocket_alone(
    balanced: Balanced, sent: list[str], arrives: list[str]
) -> None:
    """A node that takes HTTP/2 would answer requests that no rule has seen."""
    headers = [
        ("Connection", "Upgrade, HTTP2-Settings"),
        ("HTTP2-Settings", "AAMAAABkAAQAAP__"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
        *(("Upgrade", value) for value in sent),
    ]
    answer = balanced.get_with("/admin/x", headers)
    assert answer.seen("upgrade") == arrives
    assert answer.seen("http2-settings") == []


def test_visitors_of_a_gone_node_land_on_another_and_of_none_get_a_plain_503(
    tmp_path: Path,
) -> None:
    running = Balanced(tmp_path)
    try:
        running.wait_until_all_up()
        first = running.get("/admin/x")
        assert first.cookie is not None
        gone, other = sorted(running.nodes, key=lambda node: node.name != first.node)
        gone.stop()
        moved = running.get("/admin/x", {"Cookie": first.cookie})
        assert (moved.status, moved.node) == (200, other.name)
        running.wait_until_up(other.name)
        moved = running.get("/admin/x", {"Cookie": first.cookie})
        assert moved.cookie not in (None, first.cookie)
        other.stop()
        running.wait_until_up()
        nobody = running.get("/admin/x")
        assert nobody.status == 503
        assert nobody.headers["content-type"] == "text/plain; charset=utf-8"
        assert nobody.headers["retry-after"] == "5"
        assert nobody.body == b"No app node can answer now. Please try again in a few seconds.\n"
    finally:
        running.stop()
