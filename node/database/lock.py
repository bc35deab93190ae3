"""The lock that makes sure that one node alone prepares a database."""

import time
import zlib

import psycopg

from node.database.connection import Connection
from node.errors import DatabaseUnavailableError
from node.log import Log

KEY_CLASS = 0x53434950
"""First half of the advisory lock's key: the letters SCIP. The second half is the CRC-32 of the
database's name, because the lock is taken in the maintenance database, which others share."""
SAY_EVERY_MS = 5000


class LockLostError(DatabaseUnavailableError):
    """Another node may hold the lock by now: whatever is running must end at once."""


class PreparationLock:
    """A PostgreSQL session lock: it ends with the connection, also when this node is killed."""

    def __init__(self, connection: Connection, database: str, log: Log) -> None:
        self._connection = connection
        self._database = database
        self._key = (KEY_CLASS, zlib.crc32(database.encode()) & 0x7FFFFFFF)
        self._log = log

    def acquire(self, *, within_s: float) -> None:
        """This session alone holds the lock.

        Says every few seconds who holds it. Raises DatabaseUnavailableError after `within_s`.
        """
        deadline = time.monotonic() + within_s
        self._connection.execute(f"SET lock_timeout = {SAY_EVERY_MS}")
        while not self._acquired():
            holder = self.holder()
            if time.monotonic() > deadline:
                raise DatabaseUnavailableError(
                    f"database {self._database!r}: {holder} has been preparing it for more than "
                    f"{within_s:g} s. Look into the log of that node."
                )
            self._log.info(f"Waiting: {holder} is preparing the database {self._database!r}.")

    def check(self) -> None:
        """Raises LockLostError when this session does not hold the lock any more."""
        try:
            held = self._connection.execute(
                "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2"
                " AND pid = pg_backend_pid() AND classid = %s AND objid = %s",
                self._key,
            ).fetchone()
        except psycopg.OperationalError:
            held = None
        if held is None:
            raise LockLostError(
                f"database {self._database!r}: the connection that holds the preparation lock was "
                "lost; the preparation is given up and not marked as finished. The next start of "
                "any node begins again."
            )

    def holder(self) -> str:
        """Who holds it, in words."""
        found = self._connection.execute(
            "SELECT activity.application_name, activity.backend_start"
            " FROM pg_locks AS locks JOIN pg_stat_activity AS activity USING (pid)"
            " WHERE locks.locktype = 'advisory' AND locks.granted AND locks.objsubid = 2"
            " AND locks.classid = %s AND locks.objid = %s"
            " AND locks.database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database())",
            self._key,
        ).fetchone()
        if found is None:
            return "a session that has just ended"
        return f"{found[0] or 'an unknown session'} (connected since {found[1]})"

    def _acquired(self) -> bool:
        try:
            self._connection.execute("SELECT pg_advisory_lock(%s, %s)", self._key)
        except psycopg.errors.LockNotAvailable:
            return False
        return True
