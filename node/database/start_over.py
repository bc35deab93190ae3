"""Clears what an unfinished preparation left behind."""

from functools import partial
from itertools import islice

from psycopg import sql

from node.database.connection import Connection
from node.database.table_changes import change_tables

TABLES_A_STATEMENT = 50
"""Each dropped table and index takes a lock until the statement ends. The ERP's 904 tables with
4,770 indexes at once need more than a default server has (max_locks_per_transaction 64 × 100)."""


def clear(connection: Connection, app_user: str) -> int:
    """Nothing in this database belongs to `app_user` any more; returns how many tables went.

    Sessions of that user are ended first, so that no loader of a lost node writes on.
    """
    connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND usename = %s AND pid <> pg_backend_pid()",
        [app_user],
    )
    found = connection.execute(
        "SELECT schemaname, tablename FROM pg_tables WHERE tableowner = %s", [app_user]
    ).fetchall()
    tables = iter((str(schema), str(table)) for schema, table in found)
    while batch := tuple(islice(tables, TABLES_A_STATEMENT)):
        drop = sql.SQL("DROP TABLE IF EXISTS {} CASCADE").format(
            sql.SQL(", ").join(sql.Identifier(*name) for name in batch)
        )
        change_tables(
            connection,
            partial(connection.execute, drop),
            tables=[table for _, table in batch],
        )
    # What is left: views, sequences, types, functions, further schemas.
    connection.execute(sql.SQL("DROP OWNED BY {} CASCADE").format(sql.Identifier(app_user)))
    return len(found)
