"""Who holds a stack's lock: read from what Pulumi says of it, and said with what to do.

A state in a folder or bucket has a lock file for each update (pulumi, pkg/backend/diy/lock.go).
Pulumi's own service says no more than that an update is running.
"""

import re
import socket
import urllib.parse
from collections.abc import Iterable
from dataclasses import dataclass

from automation.state_files import is_pulumi_at_work

_HELD = re.compile(
    r"^\s*(?P<place>\S.*): created by (?P<user>.*)@(?P<host>[^\s@]*) \(pid (?P<pid>\d+)\)"
    r" at (?P<since>\S+)\s*$",
    re.MULTILINE,
)


@dataclass(frozen=True, kw_only=True)
class Lock:
    """One lock file. `since` is ISO 8601, by the holder's clock."""

    place: str
    user: str
    host: str
    pid: int
    since: str

    @property
    def is_of_this_host(self) -> bool:
        return self.host == socket.gethostname()

    @property
    def is_at_work(self) -> bool:
        """Whether its process is seen at work here; another host's processes are never seen."""
        return self.is_of_this_host and is_pulumi_at_work(self.pid)

    def __str__(self) -> str:
        here = " (this machine)" if self.is_of_this_host else ""
        return f"{self.user}@{self.host}{here}, pid {self.pid}, since {self.since}: {self.place}"


def read_locks(text: str) -> tuple[Lock, ...]:
    """The locks that a message of Pulumi names, each once and in its order."""
    return tuple(
        dict.fromkeys(
            Lock(
                place=_as_path(found["place"]),
                user=found["user"],
                host=found["host"],
                pid=int(found["pid"]),
                since=found["since"],
            )
            for found in _HELD.finditer(text)
        )
    )


def _as_path(place: str) -> str:
    """A file's URL as a path; a bucket's stays."""
    url = urllib.parse.urlsplit(place)
    return urllib.parse.unquote(url.path) if url.scheme == "file" else place


def listing(locks: Iterable[Lock]) -> str:
    """One lock a line."""
    return "\n".join(f"  {lock}" for lock in locks)


def locked(what: str, stack: str, locks: tuple[Lock, ...]) -> str:
    """The message of a command that another one's lock has refused."""
    unlock = f"`make unlock{'' if stack in {'local', ''} else f' STACK={stack}'}`"
    if not locks:
        return (
            f"{what}: another update of it is running; its backend does not say whose. Wait for "
            f"it, or, if its process is gone, {unlock} takes the lock away. Nothing was changed."
        )
    return (
        f"{what}: another update of it is running, or ended without taking its lock away:\n"
        f"{listing(locks)}\n"
        f"Wait for it, or, if its process is gone, {unlock} takes the lock away. Nothing was "
        "changed."
    )
