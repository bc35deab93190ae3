"""Connections to the document's database, and what a refusal means."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from node.database.authority import libpq_authority
from node.errors import ConfigurationError, DatabaseUnavailableError, NodeError
from node.log import Log

if TYPE_CHECKING:
    # The keeper lives as long as the JVM and connects through here: pydantic must not come with it.
    from contract.cluster_document import Database

Connection = psycopg.Connection[tuple[object, ...]]

ATTEMPT_TIMEOUT_S = 5
DEAD_PEER_MS = 20_000
"""How long what was sent may stay unconfirmed by the server's host before the connection counts as
broken."""
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 5.0


class Refusal(StrEnum):
    """Why there is no connection; the value completes "the database …"."""

    REFUSED = "refuses connections: nothing listens there"
    UNKNOWN_HOST = "has an unknown host name"
    SILENT = "does not answer"
    NOT_YET = "takes no connection now: it is starting, stopping or full"
    LOST = "broke the connection off"
    PASSWORD = "refuses this password"  # noqa: S105 - a reason, not a password
    NO_DATABASE = "has no such database"
    NOT_ALLOWED = "does not let this user in from here"
    UNTRUSTED = "cannot be trusted: TLS failed"


MAY_PASS = frozenset(
    {Refusal.REFUSED, Refusal.UNKNOWN_HOST, Refusal.SILENT, Refusal.NOT_YET, Refusal.LOST}
)
"""Worth waiting for. A host name may be unknown until its container runs."""

_SIGNS = (
    ("password authentication failed", Refusal.PASSWORD),
    ("no password supplied", Refusal.PASSWORD),
    ("no pg_hba.conf entry", Refusal.NOT_ALLOWED),
    ("permission denied for database", Refusal.NOT_ALLOWED),
    ('FATAL: role "', Refusal.NOT_ALLOWED),
    ('FATAL: database "', Refusal.NO_DATABASE),
    ("the database system is", Refusal.NOT_YET),
    ("too many clients", Refusal.NOT_YET),
    ("too many connections", Refusal.NOT_YET),
    ("remaining connection slots", Refusal.NOT_YET),
    ("certificate", Refusal.UNTRUSTED),
    ("SSL error", Refusal.UNTRUSTED),
    ("does not support SSL", Refusal.UNTRUSTED),
    ("could not translate host name", Refusal.UNKNOWN_HOST),
    ("failed to resolve host", Refusal.UNKNOWN_HOST),
    ("Name or service not known", Refusal.UNKNOWN_HOST),
    ("Connection refused", Refusal.REFUSED),
    ("timeout", Refusal.SILENT),
    ("No route to host", Refusal.SILENT),
    ("Network is unreachable", Refusal.SILENT),
)
"""libpq keeps no SQLSTATE of a refused connection, so its words are all there is. A server that
speaks another language than English falls through to LOST, which waits and then shows its words."""


class RefusedError(Exception):
    """One attempt to connect failed; `words` are libpq's own, which never hold a password."""

    def __init__(self, refusal: Refusal, words: str) -> None:
        super().__init__(words)
        self.refusal = refusal
        self.words = words


@dataclass(frozen=True, kw_only=True)
class LogIn:
    """Everything that one connection needs, in plain values."""

    host: str
    port: int
    name: str
    user: str
    password: str = field(repr=False)
    tls: str
    """libpq's `sslmode`."""
    authority: str | None
    """libpq's `sslrootcert`."""
    application: str
    """Shown in pg_stat_activity: other nodes read there who holds a lock."""

    def connect(
        self,
        *,
        timeout_s: int = ATTEMPT_TIMEOUT_S,
        options: str | None = None,
        dead_peer_ms: int = DEAD_PEER_MS,
    ) -> Connection:
        """An open connection in autocommit mode. Raises RefusedError."""
        try:
            return psycopg.connect(
                host=self.host,
                port=self.port,
                dbname=self.name,
                user=self.user,
                password=self.password,
                autocommit=True,
                application_name=self.application,
                connect_timeout=timeout_s,
                # A lock holder that lost its network must find out, and so must the server.
                keepalives_idle=10,
                keepalives_interval=5,
                keepalives_count=3,
                tcp_user_timeout=dead_peer_ms,
                sslmode=self.tls,
                sslrootcert=self.authority,
                options=options,
            )
        except psycopg.OperationalError as error:
            words = " ".join(str(error).split())
            # `from None`: the exception of psycopg carries the password in its connection's state.
            raise RefusedError(refusal_of(words), words) from None


@dataclass(frozen=True)
class Server:
    """How to reach the document's database server."""

    database: "Database"
    authority: Path
    """Where the overlay puts `caCertificate`; used with TLS alone."""
    application: str
    """Shown in pg_stat_activity: other nodes read there who holds the lock."""

    @property
    def place(self) -> str:
        return f"database {self.database.host}:{self.database.port}"

    def log_in(self, name: str, *, user: str, password: str) -> LogIn:
        """What a connection to the database `name` needs."""
        return LogIn(
            host=self.database.host,
            port=self.database.port,
            name=name,
            user=user,
            password=password,
            tls=self.database.tls,
            authority=libpq_authority(self.database, self.authority),
            application=self.application,
        )

    def connect(self, name: str, *, user: str, password: str) -> Connection:
        """An open connection in autocommit mode. Raises RefusedError."""
        return self.log_in(name, user=user, password=password).connect()


def refusal_of(words: str) -> Refusal:
    """What libpq's message of a failed attempt means."""
    return next((refusal for sign, refusal in _SIGNS if sign in words), Refusal.LOST)


def connect_patiently(
    server: Server, attempt: Callable[[], Connection], *, deadline: float, log: Log
) -> Connection:
    """Repeats `attempt` until the database answers; `deadline` in monotonic seconds.

    Raises DatabaseUnavailableError at the deadline, RefusedError at once for what cannot pass.
    """
    pause_s = FIRST_PAUSE_S
    while True:
        try:
            return attempt()
        except RefusedError as error:
            if error.refusal not in MAY_PASS:
                raise
            if time.monotonic() + pause_s > deadline:
                raise DatabaseUnavailableError(
                    f"{server.place}: {error.refusal}, not within "
                    f"{server.database.connect_timeout_s} s (database.connectTimeoutS). It says: "
                    f"{error.words}. Check that it runs and that this node may reach it."
                ) from None
            log.info(f"Waiting for the {server.place}: it {error.refusal}.")
        time.sleep(pause_s)
        pause_s = min(pause_s * 2, LONGEST_PAUSE_S)


def fatal_refusal(server: Server, error: RefusedError, *, user: str, secret: str) -> NodeError:
    """The one message for a refusal that waiting does not cure."""
    where = f"{server.place}: the database {error.refusal}"
    if error.refusal is Refusal.PASSWORD:
        return ConfigurationError(
            f"{where} (user {user!r}). The secret {secret} must hold the password of that user."
        )
    if error.refusal is Refusal.UNTRUSTED:
        return ConfigurationError(
            f"{where}. It says: {error.words}. Its certificate must be for the host "
            f"{server.database.host!r} and signed by an authority of database.caCertificate or "
            "database.caCertificateFile."
        )
    return ConfigurationError(f"{where} (user {user!r}). It says: {error.words}.")
