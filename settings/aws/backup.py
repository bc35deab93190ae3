"""`scipio:backup`: database and files, kept together."""

from settings.aws.names import BackupSchedule, Days, Region
from settings.section import Section


class Backup(Section):
    """AWS Backup of database and files: both of one moment, as rows name files."""

    enabled: bool
    """Whether there is a vault and a plan."""
    schedule: BackupSchedule
    """When, in UTC: minute, hour, day of month, month, day of week, year."""
    retention_days: Days
    """How long a backup is kept."""
    copy_region: Region | None
    """A second region that each backup is copied to; null: none."""
    copy_retention_days: Days
    """How long a copy is kept."""
    delete_with_stack: bool
    """Whether `pulumi destroy` deletes the vaults with all backups and copies in them; else they
    stay until their days are over. `aws.protection` has no say in it."""
