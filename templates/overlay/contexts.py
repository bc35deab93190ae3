"""What each template of the overlay may name."""

from dataclasses import dataclass, field
from typing import ClassVar

from templates.context import Context
from templates.output_kind import PROPERTIES, XML, OutputKind


@dataclass(frozen=True, kw_only=True)
class InlineJdbc(Context):
    """How a node reaches the database, and with how many connections."""

    template: ClassVar[str] = "overlay/inline_jdbc.xml.j2"
    kind: ClassVar[OutputKind] = XML

    jdbc_uri: str
    user: str
    password_lookup: str
    pool_min: int
    pool_max: int
    pool_wait_ms: int


@dataclass(frozen=True, kw_only=True)
class Attribute:
    """One XML attribute."""

    name: str
    value: str


@dataclass(frozen=True, kw_only=True)
class LoadingDelegator(Context):
    """A delegator like the tree's own `default`, without cache clear."""

    template: ClassVar[str] = "overlay/loading_delegator.xml.j2"
    kind: ClassVar[OutputKind] = XML

    name: str
    attributes: tuple[Attribute, ...]
    """Of `default`, but for its name and its cache clear."""
    groups: tuple[tuple[Attribute, ...], ...]
    """The attributes of each `group-map` of `default`."""


@dataclass(frozen=True, kw_only=True)
class JmsService(Context):
    """The topic over which the nodes clear each other's caches."""

    template: ClassVar[str] = "overlay/jms_service.xml.j2"
    kind: ClassVar[OutputKind] = XML

    topic: str
    user: str
    password: str = field(repr=False)
    listener_class: str | None = None
    """None: the ERP's own listener."""


@dataclass(frozen=True, kw_only=True)
class HttpConnector(Context):
    """The one connector, behind a balancer that ends TLS."""

    template: ClassVar[str] = "overlay/http_connector.xml.j2"
    kind: ClassVar[OutputKind] = XML

    port: int
    public_https_port: int
    max_threads: int
    max_connections: int
    keep_alive_ms: int


@dataclass(frozen=True, kw_only=True)
class HealthConnector(Context):
    """The connector that answers health checks, with threads of its own."""

    template: ClassVar[str] = "overlay/health_connector.xml.j2"
    kind: ClassVar[OutputKind] = XML

    port: int
    max_threads: int


@dataclass(frozen=True, kw_only=True)
class JndiProperties(Context):
    """Where the ERP finds the brokers and the topic."""

    template: ClassVar[str] = "overlay/jndi.properties.j2"
    kind: ClassVar[OutputKind] = PROPERTIES

    context_factory: str
    provider_url: str
    topic: str
    factory_names: str
    """Of connection factories, with commas between them."""


@dataclass(frozen=True, kw_only=True)
class PasswordsProperties(Context):
    """The database password, where `jdbc-password-lookup` finds it."""

    template: ClassVar[str] = "overlay/passwords.properties.j2"
    kind: ClassVar[OutputKind] = PROPERTIES

    password_lookup: str
    password: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class CacheProperties(Context):
    """How long a cached row may live without any message."""

    template: ClassVar[str] = "overlay/cache.properties.j2"
    kind: ClassVar[OutputKind] = PROPERTIES

    expire_ms: int


@dataclass(frozen=True, kw_only=True)
class SolrPlace:
    """Where a node finds the one Solr of the cluster."""

    host: str
    port: int


@dataclass(frozen=True, kw_only=True)
class MailRelay:
    """Where the ERP hands its mail over."""

    relay_host: str
    port: int
    starttls: bool
    tls: bool
    """From the first byte."""
    from_address: str | None
    redirect_to: str | None


@dataclass(frozen=True, kw_only=True)
class SystemProperties(Context):
    """The node's system properties. The ERP logs every override: no secret may be among them."""

    template: ClassVar[str] = "overlay/system.properties.j2"
    kind: ClassVar[OutputKind] = PROPERTIES

    instance_id: str
    datasource: str
    schema_datasource: str
    make_schema: bool
    """True only for a loader's run, and there for `schema_datasource` alone."""
    public_host: str
    public_https_port: int
    public_http_port: int | None
    """None when it does not follow from the HTTPS port; the tree's own value stays."""
    base_url: str
    search: SolrPlace | None
    fills_index: bool
    """This node has the one Solr: at its start it puts every product into it."""
    shared_path: str
    """The folder that all nodes share."""
    mail: MailRelay | None
    """None: as the tree has it."""
    password_length_min: int
