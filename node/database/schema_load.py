"""Adds what a release brings to the tables of a database that other nodes use.

The ERP's own loader does it (DatabaseUtil.checkDb), through a delegator whose sessions wait a
second at most for a table's lock. What it could not change it logs and leaves out, so the load is
repeated. It gives foreign keys and indexes to tables that it has just made, and to no other: tables
of a load that met a lock, or was killed, are dropped and made again.
"""

import time
from collections.abc import Callable, Set
from functools import partial

from psycopg import errors, sql

from node.database.connection import Connection
from node.database.lock import KEY_CLASS
from node.database.table_changes import PATIENCE_S, change_tables
from node.database.verification import has_rows
from node.errors import DatabaseUnavailableError
from node.loader import LoadResult
from node.log import Log
from templates.overlay.entity_engine import SCHEMA_DELEGATOR

DELEGATOR = f"delegator={SCHEMA_DELEGATOR}"
NO_DATA = b"<entity-engine-xml/>\n"
FIRST_PAUSE_S = 2.0
LONGEST_PAUSE_S = 30.0
_LOCK_TO_WAIT_FOR = (KEY_CLASS, 0)
"""Of the database itself; the lock of the preparation is one of the maintenance database."""


def lock_timeout_message(holder: Connection, waiter: Connection) -> str:
    """How this server words it, in its language, that a lock was waited for too long.

    It is the only sign in the loader's log: the ERP writes no SQLSTATE, and a role that is no
    superuser cannot choose the language (lc_messages). `waiter` has the role of the loader. The two
    are sessions of one database; each holds a lock that nothing else asks for, for an instant.
    """
    with holder.transaction():
        holder.execute("SELECT pg_advisory_xact_lock(%s, %s)", _LOCK_TO_WAIT_FOR)
        try:
            with waiter.transaction():
                waiter.execute("SET LOCAL lock_timeout = 1")
                waiter.execute("SELECT pg_advisory_xact_lock(%s, %s)", _LOCK_TO_WAIT_FOR)
        except errors.LockNotAvailable as error:
            return str(error.diag.message_primary)
    raise AssertionError("two sessions hold one advisory lock")


def load_schema(
    connection: Connection,
    load: Callable[[], LoadResult],
    *,
    owner: str,
    tables_before: Set[str],
    log: Log,
    patience_s: float = PATIENCE_S,
) -> LoadResult:
    """The result of the first load of nothing that met no lock; `load` makes one through DELEGATOR.

    `owner` is the role of the loader. Its tables that are not in `tables_before` were made by a
    load that was not finished.

    Raises DatabaseUnavailableError after `patience_s`, which names the sessions in the way.
    """
    deadline = time.monotonic() + patience_s
    pause_s = FIRST_PAUSE_S
    while True:
        _take_back(connection, _tables_of(connection, owner) - tables_before, log)
        result = load()
        if not result.lock_timed_out:
            return result
        oldest = _oldest_transactions(connection)
        if time.monotonic() + pause_s > deadline:
            raise DatabaseUnavailableError(
                f"database {connection.info.dbname!r}: the schema could not be changed within "
                f"{patience_s:g} s, because tables were in use all the time. The oldest "
                f"transactions: {oldest}. Wait for their end or end them; the next start of any "
                "node begins again."
            )
        log.info(f"Waiting to change the schema: tables are in use. Oldest transactions: {oldest}.")
        time.sleep(pause_s)
        pause_s = min(pause_s * 2, LONGEST_PAUSE_S)


def _tables_of(connection: Connection, owner: str) -> set[str]:
    found = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = %s", [owner]
    )
    return {str(name) for (name,) in found.fetchall()}


def _take_back(connection: Connection, made: set[str], log: Log) -> None:
    """Drops the empty ones: they may lack a foreign key, which the loader would never add."""
    filled = {name for name in made if has_rows(connection, name)}
    if filled:
        log.warning(
            f"Foreign keys may be missing: {', '.join(sorted(filled))} got rows before it had all "
            "its keys. Compare it with the entity model of the release."
        )
    for name in sorted(made - filled):
        drop = sql.SQL("DROP TABLE IF EXISTS {} CASCADE").format(sql.Identifier("public", name))
        change_tables(connection, partial(connection.execute, drop), tables=[name], log=log)


def _oldest_transactions(connection: Connection) -> str:
    found = connection.execute(
        "SELECT coalesce(nullif(application_name, ''), usename, 'a session'), pid, xact_start"
        " FROM pg_stat_activity WHERE datname = current_database() AND xact_start IS NOT NULL"
        " AND pid <> pg_backend_pid() ORDER BY xact_start LIMIT 3"
    ).fetchall()
    return ", ".join(f"{name} (pid {pid}, since {since})" for name, pid, since in found) or "none"
