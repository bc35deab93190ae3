"""Signals as something the loop sees: a handler does nothing but wake it."""

import os
import select
import signal
from dataclasses import dataclass
from types import FrameType

STOP_SIGNALS = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP})
THREAD_DUMP_SIGNAL = signal.SIGQUIT
"""Passed on as it is: the JVM answers with a thread dump on its standard output."""


@dataclass(frozen=True)
class SignalsSeen:
    """How often each kind came since `watch`; numbers never go down."""

    stop_orders: int = 0
    thread_dumps: int = 0


class SignalWatch:
    """From the moment it is made no signal is lost, whatever the node is doing."""

    def __init__(self) -> None:
        self._reader, writer = os.pipe()
        for descriptor in (self._reader, writer):
            os.set_blocking(descriptor, False)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        for watched in (*STOP_SIGNALS, THREAD_DUMP_SIGNAL, signal.SIGCHLD):
            signal.signal(watched, _wake_only)
        self._seen = SignalsSeen()

    def seen(self) -> SignalsSeen:
        """Everything that came until now."""
        try:
            arrived = os.read(self._reader, 4096)
        except BlockingIOError:
            return self._seen
        self._seen = SignalsSeen(
            self._seen.stop_orders + sum(number in STOP_SIGNALS for number in arrived),
            self._seen.thread_dumps + arrived.count(THREAD_DUMP_SIGNAL),
        )
        return self._seen

    def wait(self, longest_s: float) -> None:
        """Returns when a signal has come that was not seen yet, or after the time."""
        select.select([self._reader], [], [], longest_s)


def _wake_only(_number: int, _frame: FrameType | None) -> None:
    """Python writes the number into the wake-up pipe before this is called."""
