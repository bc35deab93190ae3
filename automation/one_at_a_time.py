"""What two commands of one checkout must not do at once: each waits for the other."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from automation.console import say
from automation.paths import CACHE

FOLDER = CACHE / "locks"


@contextmanager
def one_at_a_time(what: str) -> Iterator[None]:
    """While entered, no other process of this checkout is in here for the same `what`.

    `what` is a word for people and a file's name. The kernel lets go when a process ends, however.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / what.replace("/", "-")).open("a", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"Waiting: another command of this checkout is at the {what} …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
