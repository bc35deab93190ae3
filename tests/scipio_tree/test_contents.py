"""What of a tree goes into an image."""

from pathlib import Path

import pytest

from scipio_tree.contents import contents_of
from tests.scipio_tree.small_tree import put


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("specialpurpose/demosuite/scipio-component.xml", "demo application"),
        ("applications/order/data/DemoData.xml", "demo data"),
        ("applications/order/src/order/Order.java", "sources"),
        ("applications/order/build/classes/order/Order.class", "build caches"),
        ("ivy/resolutionCache/cached", "build caches"),
        ("framework/base/config/ofbizssl.jks", "stock key stores"),
        ("framework/entity/lib/jdbc/unused/derby.jar", "drivers of other databases"),
        ("runtime/logs/ofbiz.log", "state of a node that ran"),
        ("applications/solr/cores/product/data/index/segments_1", "state of a node that ran"),
        ("doc/manual.txt", "documentation"),
        (".git/config", "version control and editors"),
    ],
)
def test_it_stays_behind(home: Path, path: str, reason: str) -> None:
    contents = contents_of(home)
    assert path not in contents.files
    assert contents.left_out[reason] >= (home / path).stat().st_size


@pytest.mark.parametrize(
    "path",
    [
        "ofbiz.jar",
        "applications/order/data/SeedData.xml",
        "applications/order/data/BothData.xml",
        "applications/order/src/order/order.properties",
        "applications/order/webapp/order/src/order.java",
        "applications/order/build/lib/scipio-order.jar",
        "applications/solr/cores/product/core.properties",
        "framework/base/config/customer.jks",
        "framework/entity/lib/jdbc/postgresql-42.7.1.jar",
        "runtime/gitinfo.ftl",
    ],
)
def test_it_goes_in(home: Path, path: str) -> None:
    assert path in contents_of(home).files


def test_the_demo_application_is_off_the_list_and_nothing_else_of_it_changes(home: Path) -> None:
    own = (home / "specialpurpose/component-load.xml").read_text()
    written = contents_of(home).rewritten["specialpurpose/component-load.xml"].decode()
    assert written == own.replace('    <load-component component-location="demosuite"/>\n', "")


def test_a_list_of_hot_deploy_components_gets_the_clusters_own(home: Path) -> None:
    """Without it the ERP would load the user's components alone."""
    put(
        home,
        "hot-deploy/component-load.xml",
        b'<component-loader>\n    <load-component component-location="shop"/>\n'
        b"</component-loader>\n",
    )
    written = contents_of(home).rewritten["hot-deploy/component-load.xml"].decode().splitlines()
    assert [line.strip() for line in written[1:3]] == [
        '<load-component component-location="shop"/>',
        '<load-component component-location="scipio-cluster"/>',
    ]


def test_without_such_a_list_none_is_made(home: Path) -> None:
    assert "hot-deploy/component-load.xml" not in contents_of(home).rewritten


def test_equal_trees_have_one_digest_whenever_they_were_built(home: Path) -> None:
    before = contents_of(home).digest()
    (home / "ofbiz.jar").touch()
    put(home, "runtime/logs/ofbiz.log", b"another log")
    assert contents_of(home).digest() == before


@pytest.mark.parametrize("change", ["content", "mode", "link", "list"])
def test_a_changed_tree_has_another_digest(home: Path, change: str) -> None:
    before = contents_of(home).digest()
    if change == "content":
        put(home, "applications/order/data/SeedData.xml", b"<other/>")
    elif change == "mode":
        (home / "start.sh").chmod(0o644)
    elif change == "link":
        (home / "applications" / "own").symlink_to("order")
    else:
        put(home, "specialpurpose/component-load.xml", b"<component-loader/>")
    assert contents_of(home).digest() != before


def test_a_linked_folder_goes_as_a_link(home: Path) -> None:
    (home / "applications" / "own").symlink_to("order")
    contents = contents_of(home)
    assert contents.links == {"applications/own": "order"}
    assert not any(path.startswith("applications/own/") for path in contents.files)
