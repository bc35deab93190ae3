"""The node's sign to its balancer: one word on a TCP port, as HAProxy's `agent-check` reads it.

Whoever connects is told the sign and hung up on; nothing is read. A node without the port is used
all the same: HAProxy takes a failed agent check for no answer at all (configuration.txt of 2.6,
5.2, `agent-check`).
"""

import contextlib
import socket
import threading
from enum import StrEnum

SLOWEST_READER_S = 1.0


class Sign(StrEnum):
    """Words of HAProxy. Weights, not `drain` and `ready`: those would undo what an operator or a
    release has set by hand for the server.
    """

    UP = "up 100%"
    DRAIN = "up 0%"
    """No new visitors; those who belong here stay."""
    DOWN = "down"
    """Nobody; requests under way may end."""


class BalancerSign:
    """Answers in a thread of its own, so that a slow probe of the JVM never makes it late."""

    def __init__(self) -> None:
        self._sign = Sign.DOWN
        self._socket: socket.socket | None = None

    def listen(self, port: int) -> None:
        """On every address, because the balancer is another machine. Raises OSError."""
        self._socket = socket.create_server(("", port), reuse_port=False)
        threading.Thread(target=self._answer, args=(self._socket,), daemon=True).start()

    def show(self, sign: Sign) -> None:
        """The next one who asks is told this."""
        self._sign = sign

    def _answer(self, listening: socket.socket) -> None:
        while True:
            with contextlib.suppress(OSError):
                connection, _ = listening.accept()
                with connection:
                    connection.settimeout(SLOWEST_READER_S)
                    connection.sendall(f"{self._sign}\n".encode())
