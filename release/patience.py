"""Waiting for something that AWS does: how often it is asked, and when the waiting ends."""

import time
from collections.abc import Callable
from dataclasses import dataclass

Say = Callable[[str], None]
"""Takes one line for the person who waits."""


def print_line(line: str) -> None:
    """Pulumi shows each line of a provider's output at once."""
    print(line, flush=True)


@dataclass(frozen=True, kw_only=True)
class Patience:
    """`limit_s` for all questions; between two of them it is a second at first, `every_s` later.

    The clock is the machine's.
    """

    limit_s: float
    every_s: float = 15
    remind_s: float = 60
    """A wait without news says so after so long."""
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


class Wait:
    """One wait: says news at once, and that it still waits every `remind_s`."""

    def __init__(self, patience: Patience, say: Say) -> None:
        self._patience = patience
        self._say = say
        self._began = self._said_at = patience.now()
        self._said = ""
        self._pause_s = 1.0

    @property
    def waited_s(self) -> float:
        """How long it has been so far."""
        return self._patience.now() - self._began

    @property
    def is_over(self) -> bool:
        """Whether the limit has passed."""
        return self.waited_s >= self._patience.limit_s

    def say(self, line: str) -> None:
        """Say it when it is new, or when nothing has been said for a while."""
        now = self._patience.now()
        if line != self._said or now - self._said_at >= self._patience.remind_s:
            self._say(f"{line} ({self.waited_s:.0f} s)")
            self._said, self._said_at = line, now

    def pause(self) -> None:
        """Until the next question."""
        self._patience.sleep(self._pause_s)
        self._pause_s = min(2 * self._pause_s, self._patience.every_s)
