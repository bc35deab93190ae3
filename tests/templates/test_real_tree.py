"""The merges on a real Scipio tree: `make erp-test SCIPIO_HOME=<its folder>`."""

from pathlib import Path

import pytest
from lxml import etree

from templates.overlay.files import (
    CATALINA,
    ENTITY_ENGINE,
    SERVICE_ENGINE,
    SYSTEM_PROPERTIES,
    OverlayFile,
)
from templates.overlay.overlay import OverlaySource
from tests.templates.tree import (
    changed_lines,
    cluster_document,
    content_of,
    overlay_of,
    properties_of,
    read_tree,
    xml_of,
)

pytestmark = pytest.mark.real_erp

SCHEMAS = {
    ENTITY_ENGINE: "framework/entity/dtd/entity-config.xsd",
    SERVICE_ENGINE: "framework/service/dtd/service-config.xsd",
    CATALINA: "framework/base/dtd/ofbiz-component.xsd",
}
CHANGED = {
    ENTITY_ENGINE: (
        "<delegator",
        "<group-map",
        "jdbc-",
        "pool-",
        "isolation-level",
        "time-between",
    ),
    SERVICE_ENGINE: ("min-threads", "max-threads"),
}


@pytest.fixture(scope="module")
def tree(scipio_home: Path) -> OverlaySource:
    return read_tree(scipio_home)


@pytest.mark.parametrize("file", SCHEMAS, ids=lambda file: file.path)
def test_a_merged_file_is_valid_by_the_erps_own_schema(
    scipio_home: Path, tree: OverlaySource, file: OverlayFile
) -> None:
    schema = etree.XMLSchema(etree.parse(scipio_home / SCHEMAS[file]))
    schema.assertValid(xml_of(overlay_of(tree), file))


@pytest.mark.parametrize("file", CHANGED, ids=lambda file: file.path)
def test_only_lines_that_a_cluster_needs_changed_go(tree: OverlaySource, file: OverlayFile) -> None:
    went, _ = changed_lines(tree.text_of(file).data, content_of(overlay_of(tree), file))
    assert went
    assert [line for line in went if not line.startswith(CHANGED[file])] == []


def test_nothing_but_properties_comes_into_the_component(tree: OverlaySource) -> None:
    _, came = changed_lines(tree.text_of(CATALINA).data, content_of(overlay_of(tree), CATALINA))
    assert came
    assert all(line.startswith(("<property ", "<property-value>")) for line in came)


def test_solr_finds_its_configuration_where_the_search_node_points_it(
    scipio_home: Path, tree: OverlaySource
) -> None:
    """Solr without it starts all the same, and answers 404."""
    document = cluster_document(search={"host": "search", "port": 8983})
    overlay = overlay_of(tree, document, role="search")
    solr = scipio_home / properties_of(overlay, SYSTEM_PROPERTIES)["solr.solr.home"]
    assert (solr / "solr.xml").is_file()
    assert list(solr.glob("cores/*/core.properties"))
