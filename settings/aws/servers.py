"""`scipio:servers`: the EC2 instances that the nodes run on, and how many there are."""

from typing import Annotated

from pydantic import Field, StringConstraints

from contract.names import TimeZoneName
from settings.aws.catalogue import Architecture, InstanceType
from settings.aws.names import AmiId, Recurrence
from settings.section import Section

SERVERS_MAX = 20

Size = Annotated[int, Field(ge=0, le=SERVERS_MAX)]


class Schedule(Section):
    """A change of size at a time: what it leaves out stays as it is."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=30)]
    """Tells it from the other schedules."""
    recurrence: Recurrence
    """When, as cron: minute, hour, day of month, month, day of week."""
    time_zone: TimeZoneName
    """The clock that `recurrence` is read by."""
    min: Size | None = None
    """From then on never fewer."""
    max: Size | None = None
    """From then on never more."""
    desired: Size | None = None
    """So many at that moment; scaling goes on from there."""


class Servers(Section):
    """The servers of the nodes: one node a server."""

    ami: AmiId | None
    """An image of Amazon Linux 2023, pinned: a new one replaces every node, so it is a decision.
    Null looks up the newest at every run."""
    architecture: Architecture
    """`arm64` is Graviton; image and `instanceType` must be of the same."""
    instance_type: InstanceType
    """Size of one server; heap and memory limit follow from it."""
    volume_gib: Annotated[int, Field(ge=16, le=2048)]
    """Encrypted gp3 disk of one server: system, image and logs. Shared files are not on it."""
    min: Size
    """Never fewer servers."""
    max: Annotated[int, Field(ge=1, le=SERVERS_MAX)]
    """Never more servers; the database's connections are counted with it."""
    desired: Size | None
    """How many at first; afterwards scaling decides. Null: `min`."""
    min_healthy_percent: Annotated[int, Field(ge=0, le=100)]
    """Share of servers in service during any replacement; 100 starts the new one first."""
    max_healthy_percent: Annotated[int, Field(ge=100, le=200)]
    """Share that may run during any replacement; surplus nodes need connections too."""
    schedules: tuple[Schedule, ...]
    """Changes of size by the clock."""
    cpu_target_percent: Annotated[int, Field(ge=10, le=95)] | None
    """Average load that scaling aims at; null does not scale by it."""
    requests_per_minute_target: Annotated[int, Field(ge=1, le=1_000_000)] | None
    """Requests a node and minute that scaling aims at; sticky visitors make it uneven, so it is
    the second measure. Null does not scale by it."""
    scale_in: bool
    """Whether load may also remove servers; each removal logs its visitors out. With false only
    schedules do."""
    warmup_s: Annotated[int, Field(ge=0, le=3600)]
    """A new server's load counts for scaling after so long."""
    drain_timeout_s: Annotated[int, Field(ge=30, le=7200)]
    """How long a node that leaves waits for its running jobs; then its JVM is told to stop, and its
    server goes."""
    detailed_monitoring: bool
    """Figures of each server every minute and not every five; costs by the server."""
