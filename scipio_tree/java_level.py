"""The Java that a jar needs: the class file version of what is in it."""

import struct
import zipfile
from pathlib import Path
from typing import Final

RUNTIME_JAVA: Final = 17
"""The JDK of image/node/Dockerfile."""
_MAGIC: Final = 0xCAFEBABE
_VERSION_OF_JAVA_0: Final = 44
"""Class file version 61 is Java 17 (Java Virtual Machine Specification, table 4.1-A)."""


def java_level(jar: Path) -> int | None:
    """The newest Java that a class of the jar was compiled for; None when it has no class.

    Raises `zipfile.BadZipFile` when it is no jar.
    """
    with zipfile.ZipFile(jar) as archive:
        return max(
            (_level(archive, name) for name in archive.namelist() if _counts(name)), default=None
        )


def _counts(name: str) -> bool:
    """A multi-release jar's other versions are chosen by the JVM itself."""
    return name.endswith(".class") and not name.startswith("META-INF/versions/")


def _level(archive: zipfile.ZipFile, name: str) -> int:
    with archive.open(name) as file:
        head = file.read(8)
    if len(head) < 8:
        return 0
    magic, _minor, major = struct.unpack(">IHH", head)
    return major - _VERSION_OF_JAVA_0 if magic == _MAGIC else 0
