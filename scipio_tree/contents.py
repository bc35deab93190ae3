"""Which files of a tree go into an image, which stay behind, and why."""

import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from scipio_tree.component_lists import (
    DEMO_APPLICATION,
    DEMO_APPLICATION_LIST,
    HOT_DEPLOY_LIST,
    with_cluster_component,
    without_demo_application,
)
from scipio_tree.demo_data import demo_data_files
from scipio_tree.layout import COMPONENT_FOLDERS
from scipio_tree.password_hint import LABELS, without_password_hint
from templates.overlay.files import TreeText

KEY_STORES: Final = frozenset(
    f"framework/base/config/{name}" for name in ("ofbizssl.jks", "ofbizrmi.jks")
)
"""Stock private keys, password `changeit`. The connector that reads the first is removed by the
overlay; the RMI container that reads the second is not started (start.properties: loaders=main)."""
CACHES: Final = ("ivy/", "framework/base/lib/ant-ext/", "framework/base/lib/ant-opt/")
"""The build's own; not on the class path (framework/base/scipio-component.xml:15-20)."""
NODE_STATE: Final = tuple(
    f"runtime/{name}/"
    for name in ("catalina", "data", "indexes", "logs", "output", "tempfiles", "tmp", "uploads")
)
UNUSED_DRIVERS: Final = "framework/entity/lib/jdbc/unused/"
DEVELOPMENT: Final = frozenset({".svn", ".hg", ".idea", ".settings", ".vscode"})


@dataclass(frozen=True, kw_only=True)
class TreeContents:
    """What goes into the image. Paths are relative to the tree and sorted."""

    files: Mapping[str, Path]
    links: Mapping[str, str]
    """Path → where the link leads, as it is written."""
    rewritten: Mapping[str, bytes] = field(repr=False)
    """Files that go with another text than the tree's own."""
    left_out: Mapping[str, int]
    """Reason → bytes that stay behind."""

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(path.stat().st_size for path in self.files.values())

    def jars(self) -> Mapping[str, Path]:
        """The jars among the files."""
        return {path: file for path, file in self.files.items() if path.endswith(".jar")}

    def digest(self) -> str:
        """SHA-256 over paths, rights and contents: equal for equal images."""
        digest = hashlib.sha256()
        for path, file in self.files.items():
            content = self.rewritten.get(path)
            digest.update(f"{path}\0{is_executable(file):d}\0".encode())
            digest.update(hashlib.sha256(content).digest() if content else _sha256(file))
        for path, target in self.links.items():
            digest.update(f"{path}\0{target}\0".encode())
        return digest.hexdigest()


def is_executable(file: Path) -> bool:
    """Whether its owner may run it."""
    return bool(file.stat().st_mode & 0o100)


def contents_of(home: Path) -> TreeContents:
    """Raises OverlayError when a list of components, or of labels, is no XML."""
    demo_data = demo_data_files(home)
    files: dict[str, Path] = {}
    links: dict[str, str] = {}
    left_out: Counter[str] = Counter()
    for path, place in _walk(home):
        reason = _reason_to_leave(path, demo_data)
        if reason is not None:
            left_out[reason] += place.lstat().st_size
        elif place.is_symlink():
            links[path] = str(place.readlink())
        else:
            files[path] = place
    return TreeContents(
        files=dict(sorted(files.items())),
        links=dict(sorted(links.items())),
        rewritten=_rewritten(files),
        left_out=dict(left_out),
    )


def _walk(home: Path) -> Iterator[tuple[str, Path]]:
    for folder, names, file_names in os.walk(home):
        linked = [name for name in names if Path(folder, name).is_symlink()]
        names[:] = sorted(set(names) - set(linked))
        for name in (*file_names, *linked):
            place = Path(folder, name)
            yield place.relative_to(home).as_posix(), place


def _reason_to_leave(path: str, demo_data: frozenset[str]) -> str | None:
    """Why this file has no place in an image; None when it has."""
    parts = PurePosixPath(path).parts
    in_component = len(parts) > 3 and parts[0] in COMPONENT_FOLDERS
    reasons = {
        "demo application": path.startswith(f"specialpurpose/{DEMO_APPLICATION}/"),
        "demo data": path in demo_data,
        "stock key stores": path in KEY_STORES,
        "version control and editors": any(
            part.startswith(".git") or part in DEVELOPMENT for part in parts
        ),
        "sources": in_component and parts[2] == "src" and path.endswith(".java"),
        "documentation": parts[0] == "doc",
        "build caches": path.startswith(CACHES)
        or (in_component and parts[2:4] == ("build", "classes")),
        "state of a node that ran": path.startswith(NODE_STATE)
        or (parts[:3] == ("applications", "solr", "cores") and parts[4:5] == ("data",)),
        "drivers of other databases": path.startswith(UNUSED_DRIVERS),
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def _rewritten(files: Mapping[str, Path]) -> Mapping[str, bytes]:
    changes = {
        DEMO_APPLICATION_LIST: without_demo_application,
        HOT_DEPLOY_LIST: with_cluster_component,
        LABELS: without_password_hint,
    }
    return {
        path: change(TreeText(path, files[path].read_bytes()))
        for path, change in changes.items()
        if path in files
    }


def _sha256(file: Path) -> bytes:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").digest()
