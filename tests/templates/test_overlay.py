"""The overlay as a whole: what it has, that it is pure, and that it keeps what it must."""

from pathlib import Path

import pytest
from lxml import etree

from templates.overlay.files import OVERLAY_FILES, OverlayFile
from templates.overlay.overlay import OverlaySecrets, OverlaySource, make_overlay
from templates.syntax import xml
from tests.templates.tree import (
    NODE,
    PEM,
    SECRETS,
    TREES,
    cluster_document,
    content_of,
    overlay_of,
    read_tree,
    xml_of,
)

REFERENCE_HOME = (
    Path(__file__).resolve().parents[2] / "image" / "reference-node" / "src" / "main" / "home"
)
HOSTILE = "a&b\"c'd<e>f$g{{h}}${i}é€\n\t]]>--"
XML_FILES = [file for file in OVERLAY_FILES if file.path.endswith(".xml")]


HOMES = [TREES / "stock", TREES / "customised", REFERENCE_HOME]
"""Every tree that a merge must work on: ours, and the reference node's."""


def test_every_file_of_the_overlay_is_made_with_its_mode(stock: OverlaySource) -> None:
    document = cluster_document(database={"tls": "verify-full", "ca_certificate": PEM})
    made = {file.path: file.mode for file in overlay_of(stock, document).files}
    assert made == {file.path: file.mode for file in OVERLAY_FILES}


def comments(root: etree._Element) -> list[str]:
    return [str(comment.text) for comment in root.getroottree().iter(etree.Comment)]


@pytest.mark.parametrize("home", HOMES, ids=lambda home: home.name)
def test_a_merge_of_a_merged_tree_changes_nothing(home: Path) -> None:
    """So a tree whose file already is an overlay's is served just the same."""
    once = overlay_of(read_tree(home))
    made = {file.path for file in once.files}
    merged = {
        source: content_of(once, file)
        for file in OVERLAY_FILES
        if file.path in made
        for source in file.sources[-1:]
        if file.path.endswith(
            (".xml", "jndi.properties", "passwords.properties", "cache.properties")
        )
    }
    again = overlay_of(OverlaySource({**read_tree(home).files, **merged}))
    assert [file.content for file in again.files] == [file.content for file in once.files]


WITH_FILE = [
    (home, file) for home in HOMES for file in XML_FILES if read_tree(home).text_of(file).data
]
"""Not every tree has every file."""


@pytest.mark.parametrize(("home", "file"), WITH_FILE, ids=lambda it: getattr(it, "name", ""))
def test_every_comment_outside_of_removed_connectors_is_still_there(
    home: Path, file: OverlayFile
) -> None:
    tree = read_tree(home)
    before = xml.parse(tree.text_of(file).data)
    for container in before.iter("container"):
        for connector in container.findall("property[@value='connector']"):
            if connector.get("name") in ("ajp-connector", "https-connector"):
                container.remove(connector)
    assert set(comments(before)) <= set(comments(xml_of(overlay_of(tree), file)))


def test_hostile_secrets_read_back_equal(stock: OverlaySource) -> None:
    secrets = OverlaySecrets(database_password=HOSTILE, broker_password=HOSTILE)
    overlay = make_overlay(stock, cluster_document(), NODE, secrets)
    [service_engine] = [file for file in XML_FILES if file.path == "serviceengine.xml"]
    [server] = xml_of(overlay, service_engine).findall(".//jms-service/server")
    assert server.get("password") == HOSTILE


def test_secrets_are_in_no_repr(stock: OverlaySource) -> None:
    overlay = overlay_of(stock)
    for shown in (repr(SECRETS), repr(overlay), repr(OverlaySource({"a": b"mq-secret"}))):
        assert "db-secret" not in shown
        assert "mq-secret" not in shown


def test_the_overlay_of_another_node_differs_only_in_its_name(stock: OverlaySource) -> None:
    one = overlay_of(stock, instance_id="scipio-1")
    two = overlay_of(stock, instance_id="scipio-2")
    for mine, other in zip(one.files, two.files, strict=True):
        assert mine.content.replace(b"scipio-1", b"scipio-2") == other.content
