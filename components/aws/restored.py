"""A database that begins as another: what its source has now, and what RDS must be told beside."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any, Final

import pulumi
from pulumi.dynamic import CreateResult, DiffResult, Resource
from pulumi.dynamic import ResourceProvider as Provider
from pulumi_aws import rds

from release.calls import Calls
from release.errors import ReleaseError
from release.patience import Patience, Wait, print_line
from release.plain_failure import plain_failure
from settings.aws.rds_database import PointInTimeRestore, RdsDatabase, SnapshotRestore
from settings.aws.rules.database import GROWTH_MIN_PERCENT

_POLL_S: Final = 20
_WITHIN_S: Final = 2 * 3600


class SourceVersionError(Exception):
    """The source is of another major version than the stack names."""

    def __init__(self, source: str, wanted: str) -> None:
        major = major_of(source)
        super().__init__(
            f"database.restore: the source is PostgreSQL {source}, and database.engineVersion says "
            f"{wanted}. A database is restored with the version of its source: set "
            f'database.engineVersion to "{major}", and upgrade once it is there '
            "(database.upgradeTo)."
        )


class SettingsNotAppliedError(ReleaseError):
    """RDS has not made the restored database what the stack says in time."""

    def __init__(self, identifier: str, status: str) -> None:
        super().__init__(
            f"the restored database {identifier} is {status} and not available with all its "
            "settings after two hours. Look at its events in RDS, then run `pulumi up` again."
        )


@dataclass(frozen=True, kw_only=True)
class Size:
    """A disk, and how far it grows by itself: no further where both are the same."""

    gib: int
    most_gib: int


@dataclass(frozen=True, kw_only=True)
class Source:
    """What a restore begins with, as RDS has it now. `version` is complete, as `16.13`."""

    gib: int
    version: str


def source_of(
    restore: SnapshotRestore | PointInTimeRestore, opts: pulumi.InvokeOutputOptions
) -> pulumi.Output[Source]:
    """Asks RDS, which refuses when there is no such source. At another moment the source may have
    been smaller: a restored disk may be larger than it must be, and never smaller.
    """
    if isinstance(restore, SnapshotRestore):
        snapshot = rds.get_snapshot_output(
            db_snapshot_identifier=restore.snapshot,
            # RDS finds a snapshot of another account only where those are asked for.
            include_shared=restore.snapshot.startswith("arn:"),
            opts=opts,
        )
        return pulumi.Output.all(snapshot.allocated_storage, snapshot.engine_version).apply(_seen)
    instance = rds.get_instance_output(db_instance_identifier=restore.source, opts=opts)
    return pulumi.Output.all(instance.allocated_storage, instance.engine_version).apply(_seen)


def major_of(version: str) -> str:
    """`16.13` → `16`."""
    return version.partition(".")[0]


def of_version(source: Source, major: str) -> Source:
    """The source itself. Raises `SourceVersionError` for one of another major version."""
    if major_of(source.version) != major:
        raise SourceVersionError(source.version, major)
    return source


def size(wanted: Size, source: Source) -> Size:
    """No less than the source has, and growth where the stack wants it."""
    gib = max(wanted.gib, source.gib)
    if wanted.most_gib == wanted.gib:
        return Size(gib=gib, most_gib=gib)
    return Size(gib=gib, most_gib=max(wanted.most_gib, ceil(gib * GROWTH_MIN_PERCENT / 100)))


def growth_limit_gib(size: Size) -> int:
    """0 switches growth off: RDS takes no limit that is the size itself."""
    return size.most_gib if size.most_gib > size.gib else 0


def rest_of_settings(
    settings: RdsDatabase,
    *,
    authority: str,
    gib: pulumi.Input[int],
    key_arn: pulumi.Input[str] | None,
    insights_days: int,
) -> dict[str, pulumi.Input[Any]]:
    """What the provider leaves out of a restore, in ModifyDBInstance's words.

    Measured with the provider: tests/acceptance/test_restore.py.
    """
    if isinstance(settings.restore, SnapshotRestore):
        return {"CACertificateIdentifier": authority}
    rest: dict[str, pulumi.Input[Any]] = {
        "AllocatedStorage": gib,
        "BackupRetentionPeriod": settings.backup_retention_days,
        "PreferredBackupWindow": settings.backup_window,
        "PreferredMaintenanceWindow": settings.maintenance_window,
        "CACertificateIdentifier": authority,
        "EnablePerformanceInsights": settings.performance_insights,
    }
    if settings.performance_insights:
        rest["PerformanceInsightsRetentionPeriod"] = insights_days
        if key_arn is not None:
            rest["PerformanceInsightsKMSKeyId"] = key_arn
    return rest


class RestoredSettingsProvider(Provider):
    """Asks RDS for the change once, when the database has just been restored, and waits for it."""

    def create(self, props: dict[str, Any]) -> CreateResult:
        identifier = str(props["identifier"])
        with plain_failure():
            rds_calls = Calls("rds", props["region"])
            change = _change(props["modification"], _seen_instance(rds_calls, identifier))
            rds_calls.ask(
                "modify_db_instance",
                DBInstanceIdentifier=identifier,
                ApplyImmediately=True,
                **change,
            )
            _wait(rds_calls, identifier)
        return CreateResult(id_=identifier, outs=dict(props))

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Later changes are those of the database itself, which the provider sends."""
        return DiffResult(changes=False)


class RestoredSettings(Resource, module="scipio", name="RestoredSettings"):
    """The database `identifier` has the settings of `modification`, once, after its restore.

    With the credentials of the environment, as the provider of AWS has them.
    """

    def __init__(
        self,
        name: str,
        *,
        region: str,
        identifier: pulumi.Input[str],
        modification: Mapping[str, pulumi.Input[Any]],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        props = {"region": region, "identifier": identifier, "modification": dict(modification)}
        super().__init__(RestoredSettingsProvider(), name, props, opts)


def _seen(told: list[Any]) -> Source:
    return Source(gib=int(told[0]), version=str(told[1]))


def _seen_instance(rds_calls: Calls, identifier: str) -> Mapping[str, Any]:
    found = rds_calls.ask("describe_db_instances", DBInstanceIdentifier=identifier)
    instance: Mapping[str, Any] = found["DBInstances"][0]
    return instance


def _change(wanted: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """Whole numbers as such, which Pulumi hands over as others; no disk that is no larger."""
    change = {
        key: int(value) if isinstance(value, float) else value for key, value in wanted.items()
    }
    if change.get("AllocatedStorage", 0) <= now["AllocatedStorage"]:
        change.pop("AllocatedStorage", None)
    return change


def _wait(rds_calls: Calls, identifier: str) -> None:
    """Until all of it has come about. Raises `SettingsNotAppliedError`, `CloudError`."""
    wait = Wait(Patience(limit_s=_WITHIN_S, every_s=_POLL_S), print_line)
    while True:
        instance = _seen_instance(rds_calls, identifier)
        status = str(instance["DBInstanceStatus"])
        if status == "available" and not instance.get("PendingModifiedValues"):
            return
        if wait.is_over:
            raise SettingsNotAppliedError(identifier, status)
        wait.say(f"The restored database {identifier} gets its settings: it is {status}")
        wait.pause()
