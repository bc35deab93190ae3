"""`scipio:backup`: database and files, kept together."""

from settings.aws.names import BackupSchedule, Days, Region
from settings.section import Section


class Backup(Section):
    """AWS Backup of database and files. Rows name files, so one rule begins both; each begins
    within an hour, and that of the files takes as long as they are many."""

    enabled: bool
    """Whether there is a vault and a plan."""
    schedule: BackupSchedule
    """When, in UTC: minute, hour, day of month, month, day of week, year."""
    retention_days: Days
    """How long a backup is kept."""
    restore_test: BackupSchedule | None
    """When AWS Backup restores the newest backup of database and files for a test, in UTC, and
    deletes what it restored some hours later; costs a database and a file system for that time.
    Null: never."""
    copy_region: Region | None
    """A second region that each backup is copied to, and secrets with `secrets.kmsKey`'s kind of
    key; null: none."""
    copy_retention_days: Days
    """How long a copy is kept."""
    delete_with_stack: bool
    """Whether `pulumi destroy` deletes the vaults with all backups and copies in them; else they
    stay until their days are over. `aws.protection` has no say in it."""


def is_daily(schedule: str) -> bool:
    """Whether a schedule has a time on every day: no field of days, months or years names some."""
    _, _, *days = schedule.removeprefix("cron(").removesuffix(")").split()
    return all(field in ("*", "?") for field in days)
