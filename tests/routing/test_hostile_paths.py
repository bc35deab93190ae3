"""One table of paths, held by HAProxy, the load balancer and the firewall, with Tomcat as judge.

Whatever a node of the ERP takes for a page that strangers may not see is refused by each of the
three alone, so that a stack without a firewall promises the same.
"""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from settings.routing import blocked
from settings.visitor_paths import BLOCKED_PATHS, PUBLIC_PATHS, VIEW_PATHS
from tests.routing.hostile_paths import Row, rows
from tests.routing.translators import NAMES, Translators, translators
from tests.support.tomcat_paths import Reading, TomcatPaths
from tests.templates.balanced import ROUTING

ROWS = rows()
STAFF = (
    *("/admin", "/catalog", "/iCalendar", "/ismgr", "/ordermgr", "/ordermgr-js", "/own"),
    *("/partymgr", "/shopx", "/demosuite", "/solr"),
)
BLOCKED_MOUNTS = {path for path in BLOCKED_PATHS if not path.startswith("*")}
BLOCKED_REQUESTS = {path.rpartition("/")[2] for path in BLOCKED_PATHS if path.startswith("*")}
RANDOM_PATHS = 3000


@pytest.fixture(scope="module")
def tomcat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TomcatPaths]:
    running = TomcatPaths(tmp_path_factory.mktemp("tomcat"), (*STAFF, *PUBLIC_PATHS))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def open_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Translators]:
    """The back office is for everyone."""
    found = translators(tmp_path_factory.mktemp("open"), ROUTING)
    found.haproxy.wait_until_all_up()
    yield found
    found.haproxy.stop()


@pytest.fixture(scope="module")
def limited_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Translators]:
    """The back office is for other addresses than those of the tests."""
    limited = ROUTING.model_copy(update={"back_office_cidrs": ("203.0.113.0/24",)})
    found = translators(tmp_path_factory.mktemp("limited"), limited)
    found.haproxy.wait_until_all_up()
    yield found
    found.haproxy.stop()


def shut_to_everyone(read: Reading) -> bool:
    """Whether this is a page that nobody may reach by its path."""
    if read.mount_point in BLOCKED_MOUNTS or read.request in BLOCKED_REQUESTS:
        return True
    if read.view is None or read.mount_point in PUBLIC_PATHS:
        return False
    return not any(
        f"/{read.request}/{read.view}/".startswith(f"{allowed}/") for allowed in VIEW_PATHS
    )


def shut_to_strangers(read: Reading) -> bool:
    """Whether this is a page of the back office."""
    return shut_to_everyone(read) or read.mount_point not in ("", *PUBLIC_PATHS)


def as_signs(refused: dict[str, bool]) -> str:
    return "".join("x" if refused[name] else "-" for name in NAMES)


@pytest.mark.parametrize("row", ROWS, ids=[row.path for row in ROWS])
def test_each_of_the_three_does_as_the_table_says_and_no_page_is_reached(
    row: Row, tomcat: TomcatPaths, open_office: Translators, limited_office: Translators
) -> None:
    read = tomcat.reads(row.path)
    found = {
        "open": as_signs(dict(open_office.refuse(row.path))),
        "limited": as_signs(dict(limited_office.refuse(row.path))),
    }

    assert found == {"open": row.open, "limited": row.limited}, read
    if shut_to_everyone(read):
        assert row.open == "xxx", read
    if shut_to_strangers(read):
        assert row.limited == "xxx", read


def test_a_gateway_that_a_stack_opens_passes_all_three_and_no_other_does(tmp_path: Path) -> None:
    """A partner calls services by SOAP: the one line less in `balancer.blockedPaths`."""
    left = [path for path in BLOCKED_PATHS if path != "*/control/SOAPService"]
    opened = translators(tmp_path, ROUTING.model_copy(update={"blocked": blocked(left)}))
    try:
        opened.haproxy.wait_until_all_up()
        assert as_signs(dict(opened.refuse("/admin/control/SOAPService"))) == "---"
        assert as_signs(dict(opened.refuse("/admin/control/httpService"))) == "xxx"
        assert as_signs(dict(opened.refuse("/admin/control/SOAPService/viewdatafile"))) == "xxx"
    finally:
        opened.haproxy.stop()


def test_no_random_spelling_of_a_page_gets_past_one_of_the_three(
    tomcat: TomcatPaths, open_office: Translators, limited_office: Translators
) -> None:
    """The seed is fixed, so that a path that was found once is found again."""
    draw = random.Random(12)  # noqa: S311  nothing secret
    paths = dict.fromkeys(random_path(draw) for _ in range(RANDOM_PATHS))
    reached: list[tuple[str, str, Reading]] = []
    tried = {"everyone": 0, "strangers": 0}
    for path in paths:
        read = tomcat.reads(path)
        for whom, shut, those in (
            ("everyone", shut_to_everyone, open_office),
            ("strangers", shut_to_strangers, limited_office),
        ):
            if not shut(read):
                continue
            tried[whom] += 1
            reached += [(path, name, read) for name, no in those.refuse(path).items() if not no]

    assert not reached, "\n".join(
        f"{path} passes the {name}: {read}" for path, name, read in reached
    )
    # The generator must find what it is looking for: it would prove nothing otherwise.
    assert min(tried.values()) > RANDOM_PATHS / 20, tried


def random_path(draw: random.Random) -> str:
    """One of the pages in question with what hides it: one to three disguises."""
    plain = draw.choice(
        [
            "/solr/admin",
            "/demosuite/control/main",
            "/admin/control/xmlrpc",
            "/own/control/httpService",
            "/admin/control/showDateTime/viewdatafile",
            "/admin/control/view/~a=b/viewdatafile",
            "/own/control/main/secret",
            "/ordermgr-js/x.js",
            "/ismgr/control/main",
            "/catalog/control/FindProduct",
        ]
    )
    segments = plain[1:].split("/")
    for _ in range(draw.randint(1, 3)):
        place = draw.randrange(len(segments))
        segments[place : place + 1] = _disguised(draw, segments[place])
    return (
        "/" + "/".join(segments) + draw.choice(["", "", "", "/", ";", ";x", "/.", "/;", "?a=/shop"])
    )


def _disguised(draw: random.Random, segment: str) -> list[str]:
    def encoded(sign: str) -> str:
        code = draw.choice(["%{:02x}", "%{:02X}"]).format(ord(sign)) if ord(sign) < 128 else sign
        return code if draw.random() < 0.5 else sign

    climbs = draw.choice(["..", "%2e%2e", ".%2E", "..;", "..;a=b", "%2e.;x", "%252e%252e", "..%3b"])
    return draw.choice(
        [
            ["".join(map(encoded, segment))],
            ["", segment],
            [".", segment],
            ["%2e", segment],
            [draw.choice([";", ";a=b", ";/"]), segment],
            [segment + draw.choice([";", ";a=b", ";jsessionid=1", "%3b", "%3bx"])],
            [draw.choice(["shop", "images", "x", "shop;a"]), climbs, segment],
            ["shop", "x", climbs, climbs, segment],
            [segment, draw.choice(["x", "~x", "control"]), climbs],
            [segment.swapcase()],
            [segment, draw.choice(["~a", "~", "%7ea", "~a%3b", "~a;b"])],
        ]
    )
