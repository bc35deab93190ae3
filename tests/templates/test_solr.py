"""applications/solr/scipio-component.xml: the web application is on where the one Solr is."""

import pytest

from contract.names import NodeRole
from templates.overlay.error import OverlayError
from templates.overlay.files import SOLR
from templates.overlay.overlay import OverlaySource
from tests.templates.tree import changed, changed_lines, content_of, overlay_of, xml_of

PATH = SOLR.sources[0]


@pytest.mark.parametrize("tree", ["stock", "customised"])
@pytest.mark.parametrize(("role", "runs"), [("app", False), ("search", True)])
def test_solr_runs_on_the_search_node_alone(
    tree: str, role: NodeRole, runs: bool, request: pytest.FixtureRequest
) -> None:
    overlay = overlay_of(request.getfixturevalue(tree), role=role)
    [webapp] = xml_of(overlay, SOLR).findall("webapp")
    assert (webapp.get("enabled", "true") == "true") is runs


def test_a_file_that_is_right_stays_byte_for_byte(stock: OverlaySource) -> None:
    assert content_of(overlay_of(stock, role="search"), SOLR) == stock.files[PATH]


def test_one_attribute_comes_on_an_app_node(stock: OverlaySource) -> None:
    gone, new = changed_lines(stock.files[PATH], content_of(overlay_of(stock), SOLR))
    assert gone == ['app-bar-display="false"/>']
    assert new == ['app-bar-display="false"', 'enabled="false"/>']


def test_a_tree_without_search_has_no_such_file(stock: OverlaySource) -> None:
    without = OverlaySource({path: data for path, data in stock.files.items() if path != PATH})
    assert SOLR.path not in {file.path for file in overlay_of(without).files}


def test_a_component_without_the_web_application_is_refused(stock: OverlaySource) -> None:
    with pytest.raises(OverlayError, match=r'<webapp name="solr">.*is missing'):
        overlay_of(changed(stock, PATH, '<webapp name="solr"', '<webapp name="other"'))
