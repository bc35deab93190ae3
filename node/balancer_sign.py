"""The node's sign to its balancer: one word on a TCP port, as HAProxy's `agent-check` reads it.

Each connection is sent the sign and closed; nothing is read. A node without the port is used
all the same: HAProxy takes a failed agent check for no answer at all (configuration.txt of 2.6,
5.2, `agent-check`).
"""

import errno
import socket
import threading
import time
from collections.abc import Callable
from enum import StrEnum

from node.uptime import uptime_s

SLOWEST_READER_S = 1.0
LASTS_S = 10.0
"""A sign that was shown longer ago is `down`: the node stood still, or its loop hangs."""
PAUSE_S = 0.2
"""After a connection that could not be taken: it stays where it was, and would be tried at once."""
NO_IPV6 = frozenset({errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL, errno.EPROTONOSUPPORT})


class Sign(StrEnum):
    """Words of HAProxy. Weights, not `drain` and `ready`: those would undo what an operator or a
    release has set by hand for the server.
    """

    UP = "up 100%"
    DRAIN = "up 0%"
    """No new visitors; those who belong here stay."""
    DOWN = "down"
    """No visitor; requests under way may end."""


def _say_nothing(_sentence: str) -> None:
    pass


class BalancerSign:
    """Answers in a thread of its own, so that a slow probe of the JVM never makes it late."""

    def __init__(
        self, *, say: Callable[[str], None] = _say_nothing, lasts_s: float = LASTS_S
    ) -> None:
        self._say = say
        self._said = ""
        self._lasts_s = lasts_s
        self._shown = (Sign.DOWN, 0.0)
        self._socket: socket.socket | None = None

    def listen(self, port: int) -> None:
        """On every address of both families, because the balancer is another machine.

        A second call does nothing. Raises OSError, and RuntimeError when there is no thread.
        """
        if self._socket is not None:
            return
        listening = _listening(port)
        try:
            threading.Thread(target=self._answer, args=(listening,), daemon=True).start()
        except RuntimeError:
            listening.close()
            raise
        self._socket = listening

    def show(self, sign: Sign) -> None:
        """The next connection is sent this; not for longer than `lasts_s`."""
        self._shown = (sign, uptime_s())

    @property
    def sign(self) -> Sign:
        """What is sent now."""
        sign, since = self._shown
        return sign if uptime_s() - since <= self._lasts_s else Sign.DOWN

    def _answer(self, listening: socket.socket) -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError as error:
                self._say_once(f"The balancer's question for the sign was not taken: {error}.")
                time.sleep(PAUSE_S)
                continue
            with connection:
                self._tell(connection)

    def _tell(self, connection: socket.socket) -> None:
        try:
            connection.settimeout(SLOWEST_READER_S)
            connection.sendall(f"{self.sign}\n".encode())
        except OSError:
            # Who asked has gone, or does not read: it asks again.
            return

    def _say_once(self, sentence: str) -> None:
        if sentence != self._said:
            self._said = sentence
            self._say(sentence)


def _listening(port: int) -> socket.socket:
    """IPv6 and IPv4 on one socket; IPv4 alone where the host has nothing else."""
    if socket.has_dualstack_ipv6():
        try:
            return socket.create_server(("", port), family=socket.AF_INET6, dualstack_ipv6=True)
        except OSError as error:
            if error.errno not in NO_IPV6:
                raise
    return socket.create_server(("", port))
