"""component-load.xml of a folder of components: one entry less, or one more, the rest as it is."""

from typing import Final

from scipio_tree.layout import CLUSTER_COMPONENT
from templates.overlay.files import TreeText
from templates.overlay.xml_source import XmlSource

DEMO_APPLICATION: Final = "demosuite"
DEMO_APPLICATION_LIST: Final = "specialpurpose/component-load.xml"
HOT_DEPLOY_LIST: Final = "hot-deploy/component-load.xml"
"""Stock has none: then every component of the folder is loaded (ComponentContainer.java)."""


def without_demo_application(own: TreeText) -> bytes:
    """The list without the demo application. Raises OverlayError when it is no XML."""
    source = XmlSource(own)
    for entry in source.root.named("load-component"):
        if entry.attributes.get("component-location", "").strip("/") == DEMO_APPLICATION:
            source.remove(entry)
    return source.finished()


def with_cluster_component(own: TreeText) -> bytes:
    """The list with the cluster's component as its last. Raises OverlayError when it is no XML."""
    source = XmlSource(own)
    if not source.root.named("load-component", **{"component-location": CLUSTER_COMPONENT}):
        source.append(source.root, f'<load-component component-location="{CLUSTER_COMPONENT}"/>')
    return source.finished()
