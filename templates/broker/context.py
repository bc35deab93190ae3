"""What the templates of a broker may name."""

from dataclasses import dataclass, field
from typing import ClassVar

from contract.names import AbsolutePath, Port, TopicName
from templates.context import Context
from templates.output_kind import SPRING_PROPERTIES, XML, OutputKind


@dataclass(frozen=True, kw_only=True)
class BrokerXml(Context):
    """One broker of a pair; both get the same text but for the name.

    No secret is in it: passwords are placeholders that `BrokerCredentials` fills at start.
    """

    template: ClassVar[str] = "broker/activemq.xml.j2"
    kind: ClassVar[OutputKind] = XML

    broker_name: str
    store_folder: AbsolutePath = "/var/lib/activemq/kahadb"
    """Shared by the pair; the file `lock` in it decides which one is live."""
    data_folder: AbsolutePath = "/var/lib/activemq"
    """Each broker keeps what does not fit into memory in a folder of its own name in it."""
    credentials_path: AbsolutePath = "/etc/activemq/credentials.properties"
    key_store_path: AbsolutePath = "/etc/activemq/broker.p12"
    """PKCS12 with the broker's key and chain."""
    port: Port = 61617
    topic: TopicName
    app_user: str
    operator_user: str
    unread_messages: int = 10_000
    """With more of them a node counts as slow: ten seconds of a thousand writes a second."""
    slow_consumer_ms: int = 30_000
    """For so long at a stretch, and it is cut off."""
    slow_check_ms: int = 5_000


@dataclass(frozen=True, kw_only=True)
class BrokerCredentials(Context):
    """The values of the placeholders; readable for the broker's own user alone."""

    template: ClassVar[str] = "broker/credentials.properties.j2"
    kind: ClassVar[OutputKind] = SPRING_PROPERTIES

    key_store_password: str = field(repr=False)
    app_password: str = field(repr=False)
    operator_password: str = field(repr=False)
