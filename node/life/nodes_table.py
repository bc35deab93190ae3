"""The table of heartbeats: one row an instance id, written by its own agent alone while it lives.

All times are the database's. No node's clock is ever compared with another's.
"""

from psycopg import sql

from node.database.connection import Connection
from node.database.table_changes import change_tables
from node.life.node_state import GONE, NodeState, named
from node.log import Log

TABLE = "scipio_cluster_node"

LIVES = sql.SQL(
    "state NOT IN ({gone})"
    " AND seen_at > clock_timestamp() - make_interval(secs => %(dead_after_s)s)"
).format(gone=named(*GONE))
"""Whether the node of a row lives, as a condition; its parameter is in seconds."""

_CREATE = sql.SQL("""
CREATE TABLE IF NOT EXISTS public.{table} (
    instance_id text PRIMARY KEY,
    incarnation text NOT NULL,
    host text NOT NULL,
    state text NOT NULL
        CHECK (state IN ({states})),
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    seen_at timestamptz NOT NULL DEFAULT clock_timestamp()
)
""").format(table=sql.Identifier(TABLE), states=named(*NodeState))
"""`incarnation`: one run of a node, made by its `prepare`."""

_ADD_ROLE = sql.SQL(
    "ALTER TABLE public.{} ADD COLUMN IF NOT EXISTS role text NOT NULL DEFAULT 'app'"
).format(sql.Identifier(TABLE))
"""Apart, so that a table of an older agent gets it too. Such an agent enters no role, and none of
them was a search node."""
_HAS_ROLE = """
SELECT EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass(%s)
 AND attname = 'role' AND NOT attisdropped)
"""


def ensure_nodes_table(connection: Connection, app_user: str, log: Log | None = None) -> None:
    """The table exists, and `app_user` may read and change its rows but not its shape.

    Made by the administrator, under the preparation's lock. As the owner of the database the role
    could drop it, as any table: then every companion is cut off until a start makes it anew.
    Raises DatabaseUnavailableError when others keep it from being changed.
    """
    if connection.execute(_HAS_ROLE, [f"public.{TABLE}"]).fetchone() != (True,):
        # Heartbeats that queue behind a change for long are those of dead nodes.
        change_tables(connection, lambda: _make(connection), tables=[TABLE], log=log)
    connection.execute(
        sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON {} TO {}").format(
            sql.Identifier("public", TABLE), sql.Identifier(app_user)
        )
    )


def _make(connection: Connection) -> None:
    connection.execute(_CREATE)
    connection.execute(_ADD_ROLE)


def nodes_table_usable(connection: Connection) -> bool:
    """Whether the table is there, whole, for the database role that asks; not so after an older
    agent's work."""
    found = connection.execute(
        "SELECT to_regclass(%(table)s) IS NOT NULL"
        " AND has_table_privilege(to_regclass(%(table)s), 'DELETE')"
        " AND EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass(%(table)s)"
        " AND attname = 'role' AND NOT attisdropped)",
        {"table": f"public.{TABLE}"},
    ).fetchone()
    return found == (True,)
