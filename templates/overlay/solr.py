"""applications/solr/scipio-component.xml: Solr runs on the search node alone."""

from contract.names import NodeRole
from templates.overlay.files import TreeText
from templates.overlay.xml_source import XmlSource

_SERVES: dict[NodeRole, str] = {"app": "false", "search": "true"}


def merge_solr(own: TreeText, role: NodeRole) -> bytes:
    """The tree's component file with its web application on or off. Raises OverlayError.

    An index of its own on every node would drift apart, and Solr answers without a log-in.
    `enabled="false"` is the ERP's own switch (ofbiz-component.xsd:343, ComponentConfig.java:891);
    whether Solr is used does not depend on it (SolrProductSearch.java:1760).
    """
    source = XmlSource(own)
    webapp = source.one(source.root, "webapp", name="solr")
    if webapp.attributes.get("enabled", "true") != _SERVES[role]:
        source.set_attributes(webapp, {"enabled": _SERVES[role]})
    return source.finished()
