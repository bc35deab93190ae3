"""Signals as orders: SIGUSR1 to drain, SIGTERM to leave.

They are blocked and fetched between two cycles, so none can cut a transaction in two.
"""

import signal

from node.life.observation import Orders

DRAIN = frozenset({signal.SIGUSR1})
LEAVE = frozenset({signal.SIGTERM, signal.SIGINT})


class OrderWatch:
    """From the moment it is made no order is lost."""

    def __init__(self) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, DRAIN | LEAVE)
        self._orders = Orders()

    def wait(self, longest_s: float) -> Orders:
        """All orders until now; returns at once when one comes, or else after the time."""
        came = signal.sigtimedwait(DRAIN | LEAVE, longest_s)
        while came is not None:
            self._orders = Orders(
                drain=self._orders.drain or came.si_signo in DRAIN,
                leave=self._orders.leave or came.si_signo in LEAVE,
            )
            came = signal.sigtimedwait(DRAIN | LEAVE, 0)
        return self._orders
