"""jndi.properties: ActiveMQ's context factory, the broker URL and the names."""

from contract.cluster_document import Messaging
from templates.overlay.broker_url import broker_url
from templates.overlay.contexts import JndiProperties
from templates.overlay.files import TreeText
from templates.overlay.merged_properties import merge_properties


def merge_jndi(own: TreeText, messaging: Messaging) -> bytes:
    """The tree's jndi.properties with what a cluster needs. Raises OverlayError."""
    fragment = JndiProperties(provider_url=broker_url(messaging), topic=messaging.topic)
    return merge_properties(own, fragment)
