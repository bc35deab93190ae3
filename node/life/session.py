"""The keeper's one connection. The server itself ends it when the keeper is silent for too long."""

import contextlib

import psycopg

from node.database.connection import Connection
from node.life import node_lock
from node.life.keep_settings import KeepSettings

CONNECT_TIMEOUT_S = 3
DEAD_PEER_MS = 8000
"""How long a sent statement may stay unconfirmed by the server's host. With one attempt to connect
anew it is less than the node's lease (`node.membership.LEASE_S`)."""
STATEMENT_TIMEOUT_MS = 4000
LOCK_TIMEOUT_MS = 2000
IDLE_IN_TRANSACTION_MS = 10_000


class Session:
    """Connected when asked for; after a failure it is made anew at the next call, once a call."""

    def __init__(self, settings: KeepSettings) -> None:
        self._settings = settings
        self._connection: Connection | None = None
        self._holds_lock = False

    def connection(self) -> Connection:
        """An open connection, after one attempt at most. Raises RefusedError."""
        if self._connection is not None and self._connection.closed:
            self.close()
        if self._connection is None:
            self._connection = self._settings.log_in.connect(
                timeout_s=CONNECT_TIMEOUT_S,
                options=_options(self._settings.dead_after_s),
                dead_peer_ms=DEAD_PEER_MS,
            )
        return self._connection

    @property
    def descriptor(self) -> int | None:
        """Of the open connection's socket; None while there is none."""
        if self._connection is None or self._connection.closed:
            return None
        return self._connection.fileno()

    def hold_lock(self) -> bool:
        """Whether this session holds the lock of the node's id; tries to if it does not yet."""
        if not self._holds_lock:
            self._holds_lock = node_lock.try_hold(self.connection(), self._settings.instance_id)
        return self._holds_lock

    def close(self) -> None:
        """The lock is free, and so is the connection's place on the server."""
        if self._connection is not None:
            with contextlib.suppress(psycopg.Error):
                self._connection.close()
        self._connection = None
        self._holds_lock = False


def _options(dead_after_s: float) -> str:
    """A frozen process keeps its connection: the kernel answers for it. So the server measures its
    silence, which frees the lock when a heartbeat is as old as the limit. Keepalives of the server
    find the host that is gone without a word. `idle_session_timeout` came with PostgreSQL 14.
    """
    values = {
        "idle_session_timeout": round(dead_after_s * 1000),
        "idle_in_transaction_session_timeout": IDLE_IN_TRANSACTION_MS,
        "statement_timeout": STATEMENT_TIMEOUT_MS,
        "lock_timeout": LOCK_TIMEOUT_MS,
        "tcp_keepalives_idle": 10,
        "tcp_keepalives_interval": 5,
        "tcp_keepalives_count": 3,
        "tcp_user_timeout": 20_000,
    }
    return " ".join(f"-c {name}={value}" for name, value in values.items())
