"""Which Scipio a tree is: framework/base/config/scipiometainfo.properties."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from templates import properties

META_INFO: Final = "framework/base/config/scipiometainfo.properties"


@dataclass(frozen=True, kw_only=True)
class Release:
    """A Scipio release as it names itself."""

    name: str
    version: str
    branch: str

    def __str__(self) -> str:
        """As a Docker tag may be: `3.0.1-dev`."""
        return f"{self.version}-{self.branch}" if self.branch else self.version


def release_of(home: Path) -> Release | None:
    """The tree's release; None when the tree does not say, which no Scipio since 2.0 does."""
    file = home / META_INFO
    if not file.is_file():
        return None
    known = properties.load(file.read_text(encoding="iso-8859-1"))
    version = known.get("scipio.release.version", "")
    if not version:
        return None
    return Release(
        name=known.get("scipio.release.name", "scipio"),
        version=version,
        branch=known.get("scipio.release.branch", ""),
    )
