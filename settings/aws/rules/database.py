"""Rules of the database: its connections, its disk, its windows."""

from math import ceil

from contract.faults import Fault, Location
from contract.request_threads import pool_needed
from settings import pool_rules
from settings.aws import sizing
from settings.aws.catalogue import machine
from settings.aws.groups import server_groups
from settings.aws.rules.rule import Rule
from settings.aws.settings import AwsSettings
from settings.aws.windows import MINUTES_A_DAY, daily_minutes, overlap_minutes, weekly_minutes
from settings.sizing import AGENT_CONNECTIONS, SUPERUSER_RESERVED_CONNECTIONS

WINDOW_MIN_MINUTES = 30
"""RDS refuses shorter ones (API reference, CreateDBInstance)."""

GROWTH_MIN_PERCENT = 110
"""RDS refuses less room to grow (UserGuide, USER_PIOPS.StorageTypes: autoscaling)."""

_BACKUP: Location = ("database", "backupWindow")
_MAINTENANCE: Location = ("database", "maintenanceWindow")


def connections_suffice(settings: AwsSettings) -> list[Fault]:
    """All nodes, both colours and surplus, × (poolMax + 1) + reserve ≤ what the class gives."""
    database = settings.database
    needed, available = sizing.connections_needed(settings), sizing.connections_available(settings)
    if needed <= available:
        return []
    nodes = sizing.nodes_at_most(settings)
    share = (available - database.reserve) // nodes if nodes else 0
    pool = share - AGENT_CONNECTIONS
    least = pool_needed(job_threads=settings.nodes.job_threads)
    lower = f", or lower database.poolMax to {pool} at most" if pool >= least else ""
    return [
        Fault(
            place=("database", "instanceClass"),
            others=(
                ("database", "maxConnections"),
                ("database", "poolMax"),
                ("database", "reserve"),
                ("servers", "max"),
                ("servers", "maxHealthyPercent"),
                ("servers", "schedules"),
                ("release", "blue"),
                ("release", "green"),
            ),
            problem=f"too few database connections: {_nodes_in_words(settings)} = {nodes} nodes × "
            f"(poolMax {database.pool_max} + 1 for the agent) + reserve {database.reserve} = "
            f"{needed}, and "
            f"{_limit_in_words(settings)} - {SUPERUSER_RESERVED_CONNECTIONS} kept for superusers "
            f"= {available}",
            hint=f"Take a larger class{lower}, or fewer servers.",
        )
    ]


def memory_holds_connections(settings: AwsSettings) -> list[Fault]:
    """`database.maxConnections`, when set, is no more than RDS gives a class of that memory."""
    database = settings.database
    limit = database.max_connections
    mib = machine(database.instance_class).mib
    most = min(mib * 1024 * 1024 // sizing.BYTES_A_CONNECTION, sizing.CONNECTIONS_CAP)
    if limit is None or limit <= most:
        return []
    return [
        Fault(
            place=("database", "maxConnections"),
            others=(("database", "instanceClass"),),
            problem=f"{limit} connections are too many for {database.instance_class}: {mib} MiB / "
            f"9.1 MiB a connection = {most}",
            hint=f"Set {most} at most, set null, or take a larger class.",
        )
    ]


def disk_may_grow(settings: AwsSettings) -> list[Fault]:
    """`database.maxStorageGib` is `storageGib`, or a tenth more at least."""
    database = settings.database
    size, most = database.storage_gib, database.max_storage_gib
    least = ceil(size * GROWTH_MIN_PERCENT / 100)
    if most == size or most >= least:
        return []
    problem = (
        f"maxStorageGib {most} is less than storageGib {size}, and a disk never shrinks"
        if most < size
        else f"maxStorageGib {most} is less than a tenth above storageGib {size}"
    )
    return [
        Fault(
            place=("database", "maxStorageGib"),
            others=(("database", "storageGib"),),
            problem=problem,
            hint=f"Set it to {least} at least, or to {size} for a disk that does not grow.",
        )
    ]


def windows_are_long_enough(settings: AwsSettings) -> list[Fault]:
    """Backup and maintenance window have 30 minutes at least, the latter less than a day."""
    database = settings.database
    maintenance = weekly_minutes(database.maintenance_window)
    lengths = ((_BACKUP, daily_minutes(database.backup_window)), (_MAINTENANCE, maintenance))
    faults = [
        Fault(
            place=place,
            problem=f"is {minutes} minutes long, and RDS wants {WINDOW_MIN_MINUTES} at least",
        )
        for place, minutes in lengths
        if minutes < WINDOW_MIN_MINUTES
    ]
    if maintenance >= MINUTES_A_DAY:
        faults.append(
            Fault(
                place=_MAINTENANCE,
                problem=f"is {maintenance // 60} hours long, and RDS wants less than 24",
                hint="Is the second day the one that is meant?",
            )
        )
    return faults


def windows_do_not_overlap(settings: AwsSettings) -> list[Fault]:
    """Backup and maintenance window have no minute in common: RDS refuses that."""
    database = settings.database
    common = overlap_minutes(database.backup_window, database.maintenance_window)
    if common == 0:
        return []
    return [
        Fault(
            place=_BACKUP,
            others=(_MAINTENANCE,),
            problem=f"{database.backup_window} and the maintenance window "
            f"{database.maintenance_window} overlap by {common} minutes",
            hint="Move one of them.",
        )
    ]


def production_is_backed_up(settings: AwsSettings) -> list[Fault]:
    """In `prod`, `database.backupRetentionDays` is 1 at least."""
    if settings.profile != "prod" or settings.database.backup_retention_days > 0:
        return []
    return [
        Fault(
            place=("database", "backupRetentionDays"),
            problem="production would keep no backup: 0 days",
            hint="Set 1 to 35; to go back to any moment needs it.",
        )
    ]


def upgrade_goes_up(settings: AwsSettings) -> list[Fault]:
    """`database.upgradeTo` is a later version than `engineVersion`, and not beside `restore`."""
    database = settings.database
    target = database.upgrade_to
    if target is None:
        return []
    if int(target) <= int(database.engine_version):
        return [
            Fault(
                place=("database", "upgradeTo"),
                others=(("database", "engineVersion"),),
                problem=f"{target} is no later version than "
                f"{database.engine_version} of engineVersion",
                hint="Once an upgrade is done, write its version into engineVersion and set null.",
            )
        ]
    if database.restore is None:
        return []
    return [
        Fault(
            place=("database", "upgradeTo"),
            others=(("database", "restore"),),
            problem="a database is restored with the version of its source",
            hint="Restore first; then take restore out and upgrade.",
        )
    ]


def _nodes_in_words(settings: AwsSettings) -> str:
    percent = settings.servers.max_healthy_percent
    groups = [
        f"{group.colour} {sizing.largest_size(settings, group)} × {percent} %"
        for group in server_groups(settings)
    ]
    return " + ".join(groups)


def _limit_in_words(settings: AwsSettings) -> str:
    database = settings.database
    if database.max_connections is not None:
        return f"maxConnections {database.max_connections}"
    return (
        f"{database.instance_class} ({machine(database.instance_class).mib} MiB) gives "
        f"{sizing.class_connections(database.instance_class)}"
    )


RULES: tuple[Rule, ...] = (
    connections_suffice,
    memory_holds_connections,
    pool_rules.pool_bounds_are_in_order,
    pool_rules.pool_feeds_the_threads,
    disk_may_grow,
    windows_are_long_enough,
    windows_do_not_overlap,
    production_is_backed_up,
    upgrade_goes_up,
)
