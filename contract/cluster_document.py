"""The cluster document: everything a node must know, made by the platform, read by the node.

It holds references to secrets and never a value, so it may stand in user data, in a container's
file system and in a diff. What differs from node to node (the instance id) is not in it.
"""

from typing import Annotated, Final, Literal

from pydantic import Field

from contract.model import Contract
from contract.names import (
    AbsolutePath,
    ClusterName,
    EmailAddress,
    Host,
    LocaleName,
    PemText,
    Port,
    ReaderName,
    Seconds,
    TimeZoneName,
    TopicName,
)
from contract.node_times import DATABASE_WAIT_S

DOCUMENT_VERSION: Final = 1
KEEP_ALIVE_S: Final = 75
"""Longer than HAProxy keeps an idle connection (`timeout http-keep-alive`), and shorter than a
network load balancer remembers one (350 s; elasticloadbalancing/latest/network)."""
SIGN_PORT: Final = 8082
HEALTH_PORT: Final = 8083


class FileSecret(Contract):
    """A secret whose value is the text of the file `name` in the node's secrets folder."""

    store: Literal["file"] = "file"
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]


class SecretsManagerSecret(Contract):
    """A secret in AWS Secrets Manager; `key` picks one value of a JSON secret."""

    store: Literal["aws-secrets-manager"] = "aws-secrets-manager"
    arn: Annotated[str, Field(pattern=r"^arn:aws[a-z-]*:secretsmanager:")]
    key: str | None = None


SecretReference = Annotated[FileSecret | SecretsManagerSecret, Field(discriminator="store")]


class PublicEndpoint(Contract):
    """Where visitors reach the cluster: links in pages and e-mails are built from it."""

    host: Host
    https_port: Port = 443


class NodeRuntime(Contract):
    """How one node runs its JVM."""

    http_port: Port = 8081
    """The connector behind the balancer: plain HTTP on the wire, `scheme=https` to the ERP."""
    health_port: Port = HEALTH_PORT
    """A second connector with threads of its own: requests that fill the first one keep no health
    check from being answered. No visitor reaches it."""
    keep_alive_timeout_s: Seconds = KEEP_ALIVE_S
    """How long the connector keeps an idle connection: longer than the balancer at its other end,
    which would send a request into one that the node is closing, and answer with 502."""
    health_path: str = "/images/busy.gif"
    """A static file that makes no session; `/admin/ping.txt` would make one at every probe."""
    heap_mib: Annotated[int, Field(ge=64)]
    job_threads: Annotated[int, Field(ge=1, le=100)] = 5
    """Written as `min-threads`: the job queue has no bound, so more threads never start."""
    boot_timeout_s: Seconds = 300
    """A JVM that does not serve its health path within this time is ended with its evidence."""
    stop_timeout_s: Seconds = 30
    """From SIGTERM to SIGKILL of the JVM; the platform's own limit is longer."""
    drain_timeout_s: Seconds = 60
    """How long a node that is to stop waits for its running jobs before it stops its JVM."""
    silence_timeout_s: Seconds = 120
    """A JVM that served and does not answer its health path for so long is ended with its
    evidence. Longer than any full garbage collection; the path is static, so the database and the
    broker have no part in it."""
    subscription_wait_s: Seconds = 60
    """Mode `resilient`: how long a JVM that answers waits for its subscription to the topic. Then
    it serves without: a broker's outage must not keep every node away that starts meanwhile."""
    sign_port: Port = SIGN_PORT
    """Where the agent says to the balancer whether to send visitors (HAProxy's `agent-check`)."""
    time_zone: TimeZoneName = "UTC"
    locale: LocaleName = "en_US"


class Database(Contract):
    """One PostgreSQL database for all entity groups."""

    host: Host
    port: Port = 5432
    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")] = "scipio"
    app_user: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")] = "scipio_app"
    app_password: SecretReference
    admin_user: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")] = "postgres"
    """Used by the preparation step alone: it makes the app role and its database."""
    admin_password: SecretReference
    pool_min: Annotated[int, Field(ge=0)] = 2
    pool_max: Annotated[int, Field(ge=2)]
    """The threads of the node follow from it (`contract.request_threads`)."""
    tls: Literal["disable", "verify-full"] = "disable"
    ca_certificate: PemText | None = None
    ca_certificate_file: AbsolutePath | None = None
    """A bundle of authorities in the image, for those too many to cross; `ca_certificate` wins."""
    connect_timeout_s: Seconds = DATABASE_WAIT_S
    """How long a node waits at boot for a database that does not answer yet."""


class BrokerEndpoint(Contract):
    """One ActiveMQ broker; of an active/standby pair only the live one listens."""

    host: Host
    port: Port = 61617


class Failover(Contract):
    """The end of each wait for a broker; milliseconds.

    Mode `stock` opens a connection for every write, in its request and its database transaction:
    `first_use_ms` and `close_ms` together stay below 5 s.
    """

    connection_timeout_ms: Annotated[int, Field(ge=1)] = 1900
    """One broker: its name, TCP, TLS and its greeting. Then the next one is tried."""
    connect_ms: Annotated[int, Field(ge=1)] = 3800
    """All brokers, one after the other."""
    first_use_ms: Annotated[int, Field(ge=1)] = 4000
    """From asking for a connection to the answer to its first message."""
    timeout_ms: Annotated[int, Field(ge=1)] = 3000
    """Any answer of a broker."""
    connect_response_timeout_ms: Annotated[int, Field(ge=1)] = 3000
    """Its answer to who is there."""
    send_timeout_ms: Annotated[int, Field(ge=1)] = 3000
    """Its answer to a message."""
    close_ms: Annotated[int, Field(ge=1)] = 400
    """The broker's answer to a connection's farewell."""
    inactivity_ms: Annotated[int, Field(ge=1000)] = 3000
    """Each side says something within this time. The client looks as often, and a connection is
    broken when two or three looks found nothing new: longer than a pause of a garbage collection,
    shorter than visitors should see old rows."""
    startup_max_reconnect_attempts: Annotated[int, Field(ge=1)] = 2
    initial_reconnect_delay_ms: Annotated[int, Field(ge=1)] = 100
    max_reconnect_delay_ms: Annotated[int, Field(ge=1)] = 5000
    """These three are for nodes of older images, whose client has other waits."""


class Messaging(Contract):
    """The JMS topic over which the nodes clear each other's caches."""

    brokers: Annotated[tuple[BrokerEndpoint, ...], Field(min_length=1)]
    tls: bool = True
    ca_certificate: PemText | None = None
    """Trusted besides the JDK's own authorities; needed for a private authority."""
    topic: TopicName = "ScipioTopic"
    user: str = "scipio"
    password: SecretReference
    failover: Failover = Failover()


class CacheClear(Contract):
    """Distributed cache clear."""

    mode: Literal["resilient", "stock"] = "resilient"
    """`resilient`: the cluster component's sender and listener; a write never waits for a broker.
    `stock`: the ERP's own, exactly as documented, with the bounded URL."""
    entity_expire_s: Annotated[int, Field(ge=1)] | None = 3600
    """Longest time a cached row may be stale when a message was lost; None leaves it unbounded."""


class Seed(Contract):
    """What the preparation step loads: into an empty database, or for a higher `data_version`."""

    readers: Annotated[tuple[ReaderName, ...], Field(min_length=1)] = (
        "seed",
        "seed-initial",
        "ext",
    )
    data_version: Annotated[int, Field(ge=1)] = 1
    """Higher than the database's: the first node that starts loads `readers` into it again."""


class Search(Contract):
    """The one Solr that every node uses."""

    host: Host
    port: Port


class SharedFiles(Contract):
    """Uploads and images, at one path on every node: the ERP stores absolute paths in its rows."""

    path: AbsolutePath = "/srv/scipio/shared"


class Mail(Contract):
    """Where the ERP hands its mail over; who logs in there is told to the ERP itself."""

    relay_host: Host
    port: Port = 587
    encryption: Literal["starttls", "tls", "none"] = "starttls"
    from_address: EmailAddress | None = None
    """None leaves the tree's own."""
    redirect_to: EmailAddress | None = None
    """All notifications go there alone."""


class Administrator(Contract):
    """The ERP's own administrator, whose seeded password is public."""

    user: str = "admin"
    password: SecretReference


class ClusterDocument(Contract):
    """Everything a node must know besides its own instance id and the values of the secrets."""

    document_version: Literal[1] = DOCUMENT_VERSION
    cluster: ClusterName
    public_endpoint: PublicEndpoint
    node: NodeRuntime
    database: Database
    messaging: Messaging
    cache_clear: CacheClear = CacheClear()
    seed: Seed = Seed()
    search: Search | None = None
    shared_files: SharedFiles = SharedFiles()
    administrator: Administrator
    mail: Mail | None = None
    """None: the tree's own settings stand."""
