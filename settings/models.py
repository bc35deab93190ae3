"""The settings of one stack, section by section, as frozen models.

Keys are camelCase in a stack file (`scipio:nodes.heapMib`) and snake_case here. No field has a
default that hides a profile's choice: the profile tables in `settings.profiles` fill them in.

The docstring of a field is what editors, error messages and docs/settings.md say of its key.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from contract.names import (
    AbsolutePath,
    CookieName,
    Host,
    InstanceId,
    LocaleName,
    PathPrefix,
    Port,
    ReaderName,
    StickinessSeconds,
    TimeZoneName,
    TopicName,
)
from settings.mail import Mail
from settings.maintenance import Maintenance
from settings.release import Colour, Release
from settings.section import Section
from settings.visitor_paths import VisitorPaths

ProfileName = Literal["local"]
Platform = Literal["docker"]

NODES_MAX = 20
SURGE_MAX = 20

ImageName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/:@-]*$")]


class App(Section):
    """What runs on the app nodes."""

    image: ImageName | None
    """An image of the ERP's node; null, without `home`, builds and runs the reference node."""
    home: AbsolutePath | None
    """Your own built Scipio tree on this machine: `make up` makes the image of it first, and again
    when the tree has changed."""

    @property
    def runs_the_erp(self) -> bool:
        """Whether the nodes run the ERP, and not the reference node."""
        return self.image is not None or self.home is not None


class Nodes(Section):
    """The app nodes."""

    count: Annotated[int, Field(ge=1, le=NODES_MAX)]
    """How many nodes serve visitors."""
    surge: Annotated[int, Field(ge=0, le=SURGE_MAX)]
    """Nodes that may run besides `count` during a release; they need connections too."""
    instance_id_prefix: Annotated[
        str,
        StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$"),
        Field(examples=["scipio"]),
    ]
    """`scipio` names the nodes `scipio-1`, `scipio-2`, …; unused when `instanceIds` names them."""
    instance_ids: tuple[InstanceId, ...] | None
    """One a node, in order; null numbers them from the prefix."""
    heap_mib: Annotated[int, Field(ge=64, le=65_536)]
    """The largest heap of a node's JVM (`-Xmx`)."""
    memory_mib: Annotated[int, Field(ge=256, le=131_072)]
    """Limit of a node's container: the heap, and room beside it for the JVM and the agent."""
    job_threads: Annotated[int, Field(ge=1, le=100)]
    """Threads that run the ERP's background jobs on one node."""
    boot_timeout_s: Annotated[int, Field(ge=10, le=3600)]
    """A node that does not serve within this time after its start has failed."""
    stop_timeout_s: Annotated[int, Field(ge=1, le=3600)]
    """How long a JVM that was ordered to stop may take before it is killed."""
    drain_timeout_s: Annotated[int, Field(ge=1, le=7200)]
    """How long a node that leaves waits for its running jobs; then its JVM is ordered to stop."""
    silence_timeout_s: Annotated[int, Field(ge=30, le=3600)]
    """A JVM that serves and then does not answer for so long is ended, with its threads in the
    log; longer than any full garbage collection."""
    subscription_wait_s: Annotated[int, Field(ge=1, le=3600)]
    """How long a node that is ready otherwise waits until it receives the others' cache clears; it
    serves without them when no broker lives."""
    time_zone: TimeZoneName
    """Time zone of the JVM."""
    locale: LocaleName
    """Language and country of the JVM."""


class NodeColour(Colour):
    """One of two sets of nodes: what it leaves out is as `app` and `nodes` say."""

    image: ImageName | None = None
    """The image of this colour, a version of what `app.image` names; null: that one itself."""
    count: Annotated[int, Field(ge=1, le=NODES_MAX)] | None = None
    """How many nodes of this colour; connections are counted over both. Null: `nodes.count`."""


class NodeRelease(Release[NodeColour]):
    """How a new image reaches visitors. Green nodes are called `<instanceIdPrefix>-green-1`, …."""


class Balancer(VisitorPaths):
    """The load balancer in front of the nodes."""

    host: Host
    """The name visitors type: links in pages and e-mails and the certificate carry it."""
    https_port: Port
    """Published port for visitors."""
    http_port: Port
    """Published port that only redirects to https."""
    statistics_port: Port
    """Published port of the balancer's statistics page."""
    stickiness_s: StickinessSeconds
    """How long a visitor stays on its node; the range is that of AWS's load balancer."""
    cookie_name: CookieName
    """The balancer's own cookie, which says where a visitor belongs."""
    root_redirect: PathPrefix
    """Where `/` leads: the ERP has no page there."""
    maintenance: Maintenance | None
    """A page in the place of the cluster, for as long as it is set; null: visitors are served."""


class Database(Section):
    """PostgreSQL."""

    max_connections: Annotated[int, Field(ge=10, le=10_000)]
    """The server's `max_connections`."""
    pool_min: Annotated[int, Field(ge=0, le=1000)]
    """Connections one node keeps open when idle."""
    pool_max: Annotated[int, Field(ge=2, le=1000)]
    """Largest number of connections of one node. How many requests a node serves at once follows
    from it: (poolMax - 1) / 2 - jobThreads - 4; more wait until one of them ends."""
    reserve: Annotated[int, Field(ge=5, le=1000)]
    """Connections kept for preparation, checks and administrators."""


class Messaging(Section):
    """The ActiveMQ brokers and the topic."""

    topic: TopicName
    """The topic over which nodes clear each other's caches."""
    broker_heap_mib: Annotated[int, Field(ge=64, le=65_536)]
    """Heap of one broker's JVM."""


class CacheClear(Section):
    """Distributed cache clear."""

    mode: Literal["resilient", "stock"]
    """`resilient`: clears are sent after the commit, and no write waits for a broker. `stock`: the
    ERP's own sender, with a broker URL that never waits for ever."""
    entity_expire_s: Annotated[int, Field(ge=1, le=604_800)] | None
    """Longest time a cached row may be stale when a message was lost; null: no bound."""


class SearchNode(Section):
    """Product search: one Solr for all nodes, in a node of its own that no visitor reaches."""

    enabled: bool
    """False leaves the shop without a search. Only the ERP has a Solr, not the reference node."""
    heap_mib: Annotated[int, Field(ge=64, le=65_536)]
    """The largest heap of its JVM."""
    memory_mib: Annotated[int, Field(ge=256, le=131_072)]
    """Limit of its container: the heap, and room beside it for the JVM and the agent."""


class Seed(Section):
    """What the first node loads into an empty database, and later when it is asked to."""

    readers: Annotated[tuple[ReaderName, ...], Field(min_length=1)]
    """Groups of the ERP's data files, as in `load-data readers=…`."""
    data_version: Annotated[int, Field(ge=1)]
    """Raised by one, it loads `readers` into the database that is there: the tables and columns of
    a new release come without it, its data do not."""


class Settings(Section):
    """Everything a stack says, complete and checked."""

    profile: ProfileName
    """The table of defaults that this stack starts from."""
    platform: Platform
    """Where the cluster runs: `docker` is this machine."""
    app: App
    nodes: Nodes
    release: NodeRelease
    balancer: Balancer
    database: Database
    messaging: Messaging
    cache_clear: CacheClear
    search: SearchNode
    seed: Seed
    mail: Mail
