"""Room to write: the ERP's `runtime`, and the agent's folder in memory."""

import os
from collections.abc import Iterator
from pathlib import Path

from contract.inside_report import InsideResult
from node.inside.result import failed, passed
from node.inside.site import Site

LEAST_RUNTIME_MIB = 256.0
"""Logs, temporary files of uploads, compiled templates."""
LEAST_RUN_MIB = 2.0
"""The overlay is 0.2 MiB, and is written anew beside the old one."""
LEAST_INODES_PERCENT = 1
_MIB = 1024 * 1024


def look(site: Site) -> Iterator[InsideResult]:
    """Each folder's own file system."""
    yield _room("disk.runtime", site.paths.home / "runtime", LEAST_RUNTIME_MIB)
    yield _room("disk.run", site.paths.run, LEAST_RUN_MIB)


def _room(name: str, folder: Path, least_mib: float) -> InsideResult:
    try:
        state = os.statvfs(folder)
        may_write = os.access(folder, os.W_OK | os.X_OK)
    except OSError as error:
        return failed(
            name, f"{folder}: {error.strerror}", "The image or the platform must make it."
        )
    free_mib = round(state.f_bavail * state.f_frsize / _MIB, 1)
    size_mib = round(state.f_blocks * state.f_frsize / _MIB, 1)
    evidence = f"{folder}: {free_mib:g} of {size_mib:g} MiB free"
    if not may_write:
        return failed(
            name,
            f"{folder}: user {os.getuid()} may not write",
            "It must belong to the node's user: make the container anew.",
            free_mib=free_mib,
        )
    if free_mib < least_mib:
        return failed(
            name,
            evidence,
            f"It needs {least_mib:g} MiB: make room or a larger disk.",
            free_mib=free_mib,
        )
    # A file system that counts no inodes says 0 of 0.
    if state.f_favail * 100 < state.f_files * LEAST_INODES_PERCENT:
        return failed(
            name,
            f"{evidence}, but only {state.f_favail} files more",
            "Remove old files: it has no room for names.",
            free_mib=free_mib,
        )
    return passed(name, evidence, free_mib=free_mib)
