"""`scipio:files`: the shared files of all nodes."""

from typing import Literal

from contract.names import AbsolutePath
from settings.aws.names import FileSystemId
from settings.section import Section


class ExistingFiles(Section):
    """A file system that is there already, as AWS Backup makes one of a recovery point."""

    file_system: FileSystemId
    """Its id. It has no mount targets yet: they are made in the cluster's network."""
    folder: AbsolutePath
    """What of it the nodes see; it must be there. Of a restored one
    `/aws-backup-restore_<moment>/scipio`."""


class Files(Section):
    """Uploads and images, in EFS."""

    path: AbsolutePath
    """Where nodes see them: the ERP writes this path into its rows, so it never changes."""
    throughput: Literal["elastic", "bursting"]
    """`elastic` pays by what is read and written; `bursting` is slow once its credit is used."""
    infrequent_access_after_days: Literal[1, 7, 14, 30, 60, 90, 180, 270, 365] | None
    """Files not read for so long move to cheaper storage; null keeps them."""
    existing: ExistingFiles | None
    """A file system to use in place of a new one. It stays when the stack is destroyed, and keeps
    its own throughput and storage classes. Null makes one."""
    daily_backup: bool
    """EFS's own daily backup; not together with `backup.enabled`, which includes the files."""
