"""Ctrl-C during an update: the engine gets it and ends in order; this process waits."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from automation.console import say


@contextmanager
def left_to_the_engine() -> Iterator[None]:
    """While entered, SIGINT does not break into Python: the engine, in the same process group,
    gets it too, finishes what is under way, saves its state and returns an error."""

    def announce(_signal: int, _frame: FrameType | None) -> None:
        say("Stopping: what is under way is finished first; once more ends it now.", "yellow")

    before = signal.signal(signal.SIGINT, announce)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
