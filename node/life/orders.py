"""Signals as orders: SIGUSR1 to drain, SIGTERM to leave.

A handler does nothing but wake the loop, which fetches them between two cycles, so none can cut a
transaction in two.
"""

import os
import select
import signal
from types import FrameType

from node.life.observation import Orders

DRAIN = frozenset({signal.SIGUSR1})
LEAVE = frozenset({signal.SIGTERM, signal.SIGINT})


class OrderWatch:
    """From the moment it is made no order is lost."""

    def __init__(self) -> None:
        self._reader, writer = os.pipe()
        for descriptor in (self._reader, writer):
            os.set_blocking(descriptor, False)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        for order in DRAIN | LEAVE:
            signal.signal(order, _wake_only)
        self._orders = Orders()

    def wait(self, longest_s: float, connection: int | None = None) -> Orders:
        """All orders until now; returns at once when one comes, or else after the time.

        Also at once when there is something to read on the descriptor `connection`: the server
        speaks to a session that asks nothing only to end it.
        """
        waited_for = [self._reader, *([] if connection is None else [connection])]
        select.select(waited_for, [], [], longest_s)
        try:
            came = os.read(self._reader, 4096)
        except BlockingIOError:
            return self._orders
        self._orders = Orders(
            drain=self._orders.drain or any(number in DRAIN for number in came),
            leave=self._orders.leave or any(number in LEAVE for number in came),
        )
        return self._orders


def _wake_only(_number: int, _frame: FrameType | None) -> None:
    """Python writes the number into the wake-up pipe before this is called."""
