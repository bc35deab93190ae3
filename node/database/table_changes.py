"""DDL on tables that others use: it waits for its lock a second or so, and tries again.

PostgreSQL serves a table's locks in order. DDL that waits behind one long transaction makes every
later query wait behind itself, a visitor's SELECT included.
"""

import time
from collections.abc import Callable, Sequence

from psycopg import errors, pq, sql

from node.database.connection import Connection
from node.errors import DatabaseUnavailableError
from node.log import Log

LOCK_TIMEOUT_MS = 1200
"""How long others' queries may queue behind one attempt. Longer than `deadlock_timeout` (1 s),
after which PostgreSQL itself ends an autovacuum that is in the way."""
PATIENCE_S = 900
"""Longer than the longest transaction that the database lets idle (600 s)."""
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 10.0
"""Between two attempts, in which all who queued are served."""


def change_tables(
    connection: Connection,
    change: Callable[[], object],
    *,
    tables: Sequence[str],
    log: Log | None = None,
    patience_s: float = PATIENCE_S,
) -> None:
    """`change` is done, in one transaction of `connection`, by which it makes its statements.

    It must wait for locks on `tables` alone, which are names in the schema `public`, and may be
    called many times: each attempt that did not get a lock is rolled back. `connection` must be in
    no transaction, or what it holds would be kept from others meanwhile.

    Raises DatabaseUnavailableError after `patience_s`, which names the sessions in the way.
    """
    assert connection.info.transaction_status == pq.TransactionStatus.IDLE
    deadline = time.monotonic() + patience_s
    pause_s = FIRST_PAUSE_S
    while not _changed(connection, change):
        in_the_way = sessions_in_the_way(connection, tables)
        if time.monotonic() + pause_s > deadline:
            raise DatabaseUnavailableError(
                f"database {connection.info.dbname!r}: {', '.join(tables)} could not be changed "
                f"within {patience_s:g} s, because {in_the_way} used it all the time. Wait for its "
                "end or end it, and start the node again. Nothing was changed."
            )
        if log is not None:
            log.info(f"Waiting to change {', '.join(tables)}: used by {in_the_way}.")
        time.sleep(pause_s)
        pause_s = min(pause_s * 2, LONGEST_PAUSE_S)


def sessions_in_the_way(connection: Connection, tables: Sequence[str]) -> str:
    """Whose transactions hold locks on `tables`, the oldest first, in words."""
    found = connection.execute(
        "SELECT DISTINCT activity.xact_start, coalesce(nullif(activity.application_name, ''),"
        " activity.usename, 'a session'), pid"
        " FROM pg_locks AS locks JOIN pg_stat_activity AS activity USING (pid)"
        " WHERE locks.locktype = 'relation' AND locks.granted AND pid <> pg_backend_pid()"
        " AND locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        " AND locks.relation = ANY (SELECT to_regclass('public.' || quote_ident(name))::oid"
        " FROM unnest(%s::text[]) AS name)"
        " ORDER BY 1 LIMIT 3",
        [list(tables)],
    ).fetchall()
    if not found:
        return "a transaction that has just ended"
    return " and ".join(f"{name} (pid {pid}, since {since})" for since, name, pid in found)


def _changed(connection: Connection, change: Callable[[], object]) -> bool:
    try:
        with connection.transaction():
            connection.execute(
                sql.SQL("SET LOCAL lock_timeout = {}").format(sql.Literal(LOCK_TIMEOUT_MS))
            )
            change()
    except (errors.LockNotAvailable, errors.DeadlockDetected):
        return False
    return True
