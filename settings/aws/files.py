"""`scipio:files`: the shared files of all nodes."""

from typing import Literal

from contract.names import AbsolutePath
from settings.section import Section


class Files(Section):
    """Uploads and images, in EFS."""

    path: AbsolutePath
    """Where nodes see them: the ERP writes this path into its rows, so it never changes."""
    throughput: Literal["elastic", "bursting"]
    """`elastic` pays by what is read and written; `bursting` is slow once its credit is used."""
    infrequent_access_after_days: Literal[1, 7, 14, 30, 60, 90, 180, 270, 365] | None
    """Files not read for so long move to cheaper storage; null keeps them."""
    daily_backup: bool
    """EFS's own daily backup; not together with `backup.enabled`, which includes the files."""
