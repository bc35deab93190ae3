"""A software bill of materials: every jar of an image, in CycloneDX 1.5 JSON.

https://cyclonedx.org/docs/1.5/json/
"""

import hashlib
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scipio_tree.release import Release
from templates import properties

_FILE_NAME: Final = re.compile(r"(?P<name>.+?)-(?P<version>\d[\w.+-]*)")


@dataclass(frozen=True, kw_only=True)
class Library:
    """A jar as its maker names it."""

    group: str
    name: str
    version: str

    @property
    def package_url(self) -> str | None:
        """https://github.com/package-url/purl-spec; None when its place in Maven is unknown."""
        return f"pkg:maven/{self.group}/{self.name}@{self.version}" if self.group else None


def bill_of_materials(release: Release, jars: Mapping[str, Path]) -> bytes:
    """The document for an image of `release` that holds `jars` (path in the image → file)."""
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "name": release.name,
                "version": str(release),
            }
        },
        "components": [_component(path, jars[path]) for path in sorted(jars)],
    }
    return json.dumps(document, indent=1).encode()


def library_of(jar: Path) -> Library:
    """By the Maven coordinates inside, when there is one set of them; else by the file's name."""
    with zipfile.ZipFile(jar) as archive:
        known = [name for name in archive.namelist() if _is_coordinates(name)]
        if len(known) == 1:
            found = properties.load(archive.read(known[0]).decode("iso-8859-1"))
            if {"groupId", "artifactId", "version"} <= found.keys():
                return Library(
                    group=found["groupId"], name=found["artifactId"], version=found["version"]
                )
    named = _FILE_NAME.fullmatch(jar.stem)
    if named is None:
        return Library(group="", name=jar.stem, version="")
    return Library(group="", name=named["name"], version=named["version"])


def _is_coordinates(name: str) -> bool:
    return name.startswith("META-INF/maven/") and name.endswith("/pom.properties")


def _component(path: str, jar: Path) -> dict[str, object]:
    library = library_of(jar)
    with jar.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "type": "library",
        "bom-ref": path,
        **({"group": library.group} if library.group else {}),
        "name": library.name,
        "version": library.version,
        **({"purl": library.package_url} if library.package_url else {}),
        "hashes": [{"alg": "SHA-256", "content": digest}],
    }
