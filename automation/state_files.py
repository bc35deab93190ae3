"""The files of our state folder after an update that was killed or lost its power.

Pulumi keeps a local state with the Go CDK's fileblob: a file is written aside and renamed, but the
attributes beside it (`NAME.attrs`) are written in place. A kill in that moment leaves them empty,
and then every command says "failed to load checkpoint: EOF" although the checkpoint is whole.
"""

import json
import shutil
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from automation.commands import answer
from automation.console import say

PULUMI = ".pulumi"
ATTRIBUTES = "*.attrs"
DEAD = ("Z", "X")
PROC = Path("/proc")
BACKUP = ".bak"
"""Before each write Pulumi copies the checkpoint to this name."""


def mend(state: Path) -> None:
    """Make what a dead update left readable again; what a living one works on stays."""
    folder = state / PULUMI
    for attributes in folder.rglob(ATTRIBUTES):
        if not _whole(attributes):
            say(f"Removing attributes that were cut off ({attributes.name})")
            attributes.unlink(missing_ok=True)
    for checkpoint in (folder / "stacks").rglob("*.json"):
        _restore(checkpoint)
    for lock in (folder / "locks").rglob("*.json"):
        if _abandoned(lock):
            say(f"Removing the lock of an update that died ({lock.name})")
            lock.unlink(missing_ok=True)


def _restore(checkpoint: Path) -> None:
    """Go back to the checkpoint before the last write where a power cut left half of one."""
    backup = checkpoint.with_name(checkpoint.name + BACKUP)
    if _whole(checkpoint) or not _whole(backup):
        return
    say(f"Restoring a checkpoint that was cut off from its backup ({checkpoint.name})")
    shutil.copy2(backup, checkpoint)


def _whole(path: Path) -> bool:
    return _read(path) is not None


def _read(path: Path) -> Any:
    """The JSON of a file; None when it is not there, cut off, or empty."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None


def _abandoned(lock: Path) -> bool:
    """Whether its process is gone; another machine's processes are not seen from here."""
    owner: Mapping[str, Any] | None = _read(lock)
    if owner is None:
        return True
    if owner.get("hostname") != socket.gethostname():
        return False
    return not is_pulumi_at_work(owner.get("pid"))


def is_pulumi_at_work(pid: object) -> bool:
    """No zombie whose parent has not waited for it yet, and no process that was given its id later.

    Where neither /proc nor `ps` says anything, it may be.
    """
    if PROC.is_dir():
        return _is_at_work_in_proc(pid)
    if shutil.which("ps") is None:
        return True
    state, _, program = (answer(["ps", "-o", "stat=,comm=", "-p", str(pid)]) or "").partition(" ")
    return Path(program.strip()).name.startswith("pulumi") and not state.startswith(DEAD)


def _is_at_work_in_proc(pid: object) -> bool:
    try:
        # proc(5): pid (name) state …
        stat = (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return False
    name, state = stat.partition("(")[2].rsplit(")", 1)
    return name.startswith("pulumi") and state.split()[0] not in DEAD
