"""What the template of Amazon MQ's configuration may name."""

from dataclasses import dataclass
from typing import ClassVar, Final

from contract.names import TopicName
from templates.context import Context
from templates.output_kind import XML, OutputKind

APP_GROUP: Final = "nodes"
OPERATOR_GROUP: Final = "operators"
CONSOLE_GROUP: Final = "activemq-webconsole"
"""Amazon's own: a user of the web console must be in it, and the map must name it."""


@dataclass(frozen=True, kw_only=True)
class AmazonMqConfiguration(Context):
    """The configuration of one broker or of a pair. No secret is in it, and no user.

    Transports, store, users and memory of the whole broker are Amazon's own; elements that are not
    permitted are dropped by it without a word (developer guide, permitted-elements).
    """

    template: ClassVar[str] = "amazonmq/configuration.xml.j2"
    kind: ClassVar[OutputKind] = XML

    topic: TopicName
    topic_memory_mib: int
    unread_messages: int
    """With more of them a node counts as slow."""
    slow_consumer_ms: int
    app_group: str = APP_GROUP
    operator_group: str = OPERATOR_GROUP
    console_group: str = CONSOLE_GROUP
