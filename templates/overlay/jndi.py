"""jndi.properties: the component's context factory, the broker URL and the names."""

from contract.cluster_document import Messaging
from templates.overlay.broker_url import broker_url
from templates.overlay.cluster_component import CONTEXT_FACTORY_CLASS
from templates.overlay.contexts import JndiProperties
from templates.overlay.files import TreeText
from templates.overlay.merged_properties import merge_properties, properties_of

FACTORY_NAMES = ("connectionFactory", "queueConnectionFactory", "topicConnectionFactory")
"""What ActiveMQ itself takes where no names are given."""


def merge_jndi(own: TreeText, messaging: Messaging) -> bytes:
    """The tree's jndi.properties with what a cluster needs. Raises OverlayError."""
    fragment = JndiProperties(
        context_factory=CONTEXT_FACTORY_CLASS,
        provider_url=broker_url(messaging),
        topic=messaging.topic,
        factory_names=", ".join((*FACTORY_NAMES, *own_factory_names(own))),
    )
    return merge_properties(own, fragment)


def own_factory_names(own: TreeText) -> tuple[str, ...]:
    """The tree's own names of connection factories, which stay and lead to the cluster's brokers.

    Raises OverlayError.
    """
    written = properties_of(own).get("connectionFactoryNames", "")
    names = [name.strip() for name in written.split(",")]
    return tuple(name for name in names if name and name not in FACTORY_NAMES)
