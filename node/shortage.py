"""Which failures of a start mean that the machine is short of something now, and not that it lacks
what is started.
"""

import errno
from collections.abc import Sequence
from pathlib import Path

from node.errors import ConfigurationError, NodeError, NotNowError

SHORTAGES = frozenset({errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE})
"""fork(2), pipe(2), dup(2): processes, memory, file descriptors of this process or of the host."""


def not_started(command: Sequence[str], error: OSError, folder: Path | None = None) -> NodeError:
    """The error to raise for a command that could not be started."""
    where = f"{command[0]}: cannot be started in {folder or Path.cwd()}: {error.strerror}."
    if error.errno in SHORTAGES:
        return NotNowError(
            f"{where} This machine or container is short of processes, memory or file descriptors."
        )
    return ConfigurationError(f"{where} The image must carry it.")
