"""Files that other users may not read and no reader ever sees half written."""

import os
from pathlib import Path

from node.errors import ConfigurationError


def write_private(path: Path, content: bytes) -> None:
    """`path` holds `content`, whole, mode 0600. Its folder must exist on the same file system."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    partial.replace(path)


def make_private_folder(path: Path) -> None:
    """`path` is a folder that we may write to; each that had to be made has mode 0700.

    Raises ConfigurationError when that is not so.
    """
    try:
        for folder in (*reversed(path.parents), path):
            if not folder.is_dir():
                folder.mkdir(mode=0o700)
    except OSError as error:
        raise ConfigurationError(
            f"{error.filename}: the folder cannot be made: {error.strerror}. The platform mounts "
            f"a tmpfs of mode 0700 there, owned by user id {os.getuid()}."
        ) from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise ConfigurationError(
            f"{path}: may not be written to; must be a tmpfs of mode 0700, owned by user id "
            f"{os.getuid()}. The platform mounts it."
        )
