"""Mount points, and what needs no log-in there, read as the ERP reads them."""

import json
from pathlib import Path

import pytest

from contract.entrances import AnonymousRequest, Entrances, MountedWebapp, ViewLink
from scipio_tree.entrances import UNCLEAR, entrances_of
from settings.visitor_paths import BLOCKED_PATHS, PUBLIC_PATHS, VIEW_PATHS
from tests.scipio_tree.small_tree import put
from tests.scipio_tree.webapps_tree import COMMON, CONTROL, add_webapps


@pytest.fixture
def tree(home: Path) -> Path:
    return add_webapps(home)


def webapps(home: Path) -> dict[str, MountedWebapp]:
    return {each.mount_point: each for each in entrances_of(home, "3.0.1").webapps}


def requests(webapp: MountedWebapp) -> dict[str, AnonymousRequest]:
    return {each.name: each for each in webapp.anonymous_requests}


def test_every_mounted_webapp_is_for_everyone_or_for_staff_and_says_why(tree: Path) -> None:
    found = {mount: (each.visitors, each.reason) for mount, each in webapps(tree).items()}
    assert found == {
        "/admin": ("staff", "its base-permission is OFBTOOLS"),
        "/common": ("public", "it serves files alone"),
        "/ecommerce": ("public", "it leads to /shop"),
        "/feed": ("staff", UNCLEAR),
        "/own": ("staff", UNCLEAR),
        "/shop": ("public", "its controller is that of a shop"),
        "/solr": ("staff", UNCLEAR),
        "/webtools": ("staff", "it leads to /admin"),
    }


def test_requests_without_a_log_in_are_found_through_all_includes(tree: Path) -> None:
    """A later file wins over an earlier one, and `direct-request="false"` keeps visitors out."""
    found = requests(webapps(tree)["/admin"])
    assert {name: (each.event, each.shows_views) for name, each in found.items()} == {
        "SOAPService": ("soap", False),
        "main": ("", True),
        "mySoap": ("soap", False),
        "ping": ("service ping", True),
        "showDateTime": ("", True),
        "view": ("", True),
    }


def test_views_are_those_that_a_visitor_may_name(tree: Path) -> None:
    assert webapps(tree)["/admin"].views == ("main", "roles", "viewdatafile")


def test_an_internal_default_hides_all_views_but_those_that_are_public_themselves(
    tree: Path,
) -> None:
    common = (tree / COMMON).read_text()
    internal = common.replace('default-view-access="public"', 'default-view-access="internal"')
    put(tree, COMMON, internal.replace('name="main"/>', 'name="main" access="public"/>').encode())
    assert webapps(tree)["/admin"].views == ("main",)


def test_a_webapp_without_the_switch_of_views_shows_none(tree: Path) -> None:
    off = "<param-name>allowOverrideViewUri</param-name><param-value>false</param-value>"
    text = CONTROL.format(parameters=f"<context-param>{off}</context-param>")
    put(tree, "framework/webtools/webapp/admin/WEB-INF/web.xml", text.encode())
    admin = webapps(tree)["/admin"]
    assert admin.views == ()
    assert not any(each.shows_views for each in admin.anonymous_requests)


def test_a_controller_that_cannot_be_read_is_named_and_the_rest_is_there(tree: Path) -> None:
    put(tree, COMMON, b"<site-conf>")
    admin = webapps(tree)["/admin"]
    assert admin.unread == (COMMON,)
    assert "showDateTime" in requests(admin)


def test_a_ring_of_includes_ends(tree: Path) -> None:
    ring = (
        '<site-conf><include location="component://webtools/webapp/admin/WEB-INF/controller.xml"/>'
    )
    put(tree, COMMON, f'{ring}<request-map uri="x"/></site-conf>'.encode())
    assert {"x", "showDateTime"} <= requests(webapps(tree)["/admin"]).keys()


def test_links_of_staff_pages_that_name_a_view_are_found(tree: Path) -> None:
    """Not those of the shop's own pages, those with parameters alone, or to nowhere."""
    assert entrances_of(tree, "3.0.1").view_links == (
        ViewLink(
            link="addrole/*", file="framework/webtools/webapp/admin/roles.ftl", needs_log_in=True
        ),
        ViewLink(
            link="addrole/roles",
            file="framework/webtools/webapp/admin/roles.ftl",
            needs_log_in=True,
        ),
        ViewLink(
            link="view/viewdatafile", file="framework/webtools/widget/Menus.xml", needs_log_in=False
        ),
    )


def test_what_an_image_keeps_reads_back_the_same(tree: Path) -> None:
    made = entrances_of(tree, "3.0.1")
    assert Entrances.model_validate_json(made.model_dump_json()) == made
    assert json.loads(made.model_dump_json())["entrancesVersion"] == 1


@pytest.mark.real_erp
def test_the_profiles_name_what_the_stock_tree_has(scipio_home: Path) -> None:
    """The tree's controllers must be the release's own."""
    stock = entrances_of(scipio_home, "stock")
    mounted = {each.mount_point: each for each in stock.webapps}
    anonymous = {
        request.name
        for each in stock.webapps
        if each.visitors == "staff"
        for request in each.anonymous_requests
    }
    links = {f"/{each.link}".removesuffix("/*"): each.needs_log_in for each in stock.view_links}

    assert {path: mounted[path].visitors for path in PUBLIC_PATHS} == dict.fromkeys(
        PUBLIC_PATHS, "public"
    )
    # Release 3.0.0 alone has xmlrpc.
    blocked = {path.rpartition("/")[2] for path in BLOCKED_PATHS if path.startswith("*")}
    assert blocked - {"xmlrpc"} <= anonymous
    for path in VIEW_PATHS:
        needed = {
            link: log_in for link, log_in in links.items() if f"{link}/".startswith(f"{path}/")
        }
        assert needed, path
        # Each page behind `/view` asks for the permission ENTITY_MAINT.
        assert all(needed.values()) or path.startswith("/view/"), path
