"""Clears what an unfinished preparation left behind."""

from itertools import islice

from psycopg import sql

from node.database.connection import Connection

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
    names = connection.execute(
        "SELECT schemaname, tablename FROM pg_tables WHERE tableowner = %s", [app_user]
    ).fetchall()
    tables = iter(sql.Identifier(str(schema), str(table)) for schema, table in names)
    while batch := tuple(islice(tables, TABLES_A_STATEMENT)):
        connection.execute(
            sql.SQL("DROP TABLE IF EXISTS {} CASCADE").format(sql.SQL(", ").join(batch))
        )
    # What is left: views, sequences, types, functions, further schemas.
    connection.execute(sql.SQL("DROP OWNED BY {} CASCADE").format(sql.Identifier(app_user)))
    return len(names)
