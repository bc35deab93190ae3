"""The folder that all nodes share: this node writes to it, and it is no folder of its own."""

import os
from collections.abc import Iterator
from pathlib import Path

from contract.inside_report import InsideResult
from node.inside.result import failed, passed, skipped
from node.inside.site import Site

_NAME = "sharedFiles.writable"


def look(site: Site) -> Iterator[InsideResult]:
    """Writes a file, reads it back and takes it away again."""
    if site.role == "search":
        yield skipped(_NAME, "a search server has no shared files")
        return
    yield _tried(Path(site.document.shared_files.path), site)


def _tried(folder: Path, site: Site) -> InsideResult:
    probe = folder / f".check-of-{site.instance_id}"
    content = os.urandom(32)
    try:
        probe.write_bytes(content)
        kept, owner = probe.read_bytes(), probe.stat().st_uid
        probe.unlink()
        shared = folder.stat().st_dev != site.paths.home.stat().st_dev
    except OSError as error:
        return failed(
            _NAME,
            f"{error.filename}: {error.strerror} (user id {os.getuid()})",
            "Mount a volume there that belongs to the node's user.",
        )
    if kept != content:
        return failed(
            _NAME, f"{probe}: read back another content", "Look into the volume's file system."
        )
    if owner != os.getuid():
        return failed(
            _NAME,
            f"{folder}: what user {os.getuid()} writes belongs to user {owner}",
            "Other nodes could not change it: mount the volume without another user's ids.",
        )
    if not shared:
        return failed(
            _NAME,
            f"{folder} is part of the container, and ends with it",
            "Mount the cluster's volume there: uploads would be on this node alone, and lost.",
        )
    return passed(_NAME, f"{folder}: written, read and removed as user {owner}")
