"""`scipio:database` on AWS: RDS for PostgreSQL."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from settings.aws.catalogue import DatabaseClass, PostgresVersion
from settings.aws.names import DailyWindow, WeeklyWindow
from settings.moments import Instant
from settings.section import Section

DatabaseIdentifier = Annotated[
    str, StringConstraints(pattern=r"^[a-z]([a-z0-9]|-[a-z0-9])*$", max_length=63)
]
SnapshotName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9:-]*$", max_length=255)
]


class SnapshotRestore(Section):
    """The database begins as a snapshot."""

    kind: Literal["snapshot"]
    """Which kind of beginning."""
    snapshot: SnapshotName
    """Name or ARN of the snapshot."""


class PointInTimeRestore(Section):
    """The database begins as another was at a moment."""

    kind: Literal["point-in-time"]
    """Which kind of beginning."""
    source: DatabaseIdentifier
    """Identifier of the database whose backups are read; it stays as it is."""
    at: Instant | None = None
    """The moment; null: the latest there is."""


Restore = Annotated[SnapshotRestore | PointInTimeRestore, Field(discriminator="kind")]


class RdsDatabase(Section):
    """PostgreSQL, run by RDS."""

    engine_version: PostgresVersion
    """Major version; minor ones come in the maintenance window. Another one in a stack that has a
    database is refused: `upgradeTo` asks for it."""
    upgrade_to: PostgresVersion | None
    """Upgrades the database to this major version: an outage, and no way back but a backup. Once
    it is done, write it into `engineVersion` and take this out."""
    instance_class: DatabaseClass
    """Size of the server; its memory decides how many connections there are."""
    multi_az: bool
    """Whether a standby in another zone takes over when the first fails; doubles the price."""
    storage_gib: Annotated[int, Field(ge=20, le=65_536)]
    """Disk at first; it never shrinks."""
    max_storage_gib: Annotated[int, Field(ge=20, le=65_536)]
    """How far the disk grows by itself; the same as `storageGib` does not let it grow."""
    max_connections: Annotated[int, Field(ge=10, le=10_000)] | None
    """The server's `max_connections`; null leaves it to RDS, which goes by the class's memory."""
    pool_min: Annotated[int, Field(ge=0, le=1000)]
    """Connections one node keeps open when idle."""
    pool_max: Annotated[int, Field(ge=2, le=1000)]
    """Largest number of connections of one node. How many requests a node serves at once follows
    from it: (poolMax - 1) / 2 - jobThreads - 4; more wait until one of them ends."""
    reserve: Annotated[int, Field(ge=5, le=1000)]
    """Connections kept for preparation, checks, RDS itself and administrators."""
    slow_query_ms: Annotated[int, Field(ge=0, le=3_600_000)]
    """Statements that took longer are logged."""
    idle_transaction_timeout_s: Annotated[int, Field(ge=0, le=86_400)]
    """A transaction that does nothing for so long is ended; longer than the longest import. 0:
    never."""
    backup_retention_days: Annotated[int, Field(ge=0, le=35)]
    """To any moment of so many days one can go back; 0 keeps nothing."""
    backup_window: DailyWindow
    """When the daily snapshot is taken, UTC."""
    maintenance_window: WeeklyWindow
    """When AWS may change and restart the server, UTC."""
    apply_immediately: bool
    """Whether changes of the server are made at once, with a restart, or in the window."""
    final_snapshot: bool
    """Whether a snapshot stays when the database is deleted, and its daily ones for as long as
    `backupRetentionDays` says."""
    performance_insights: bool
    """Whether load is recorded by statement, for seven days."""
    enhanced_monitoring_s: Literal[0, 1, 5, 10, 15, 30, 60]
    """How often the operating system's figures are recorded; 0: not."""
    restore: Restore | None
    """What the database begins as, with size and version of its source; only used when it is made,
    and asked for as long as it stands here. While it does, `storageGib`, `maxStorageGib` and
    `engineVersion` change nothing. Null: empty."""
