"""Who lives, by the table of heartbeats and the database's clock."""

from psycopg import errors, sql

from contract.inside_report import InsideResult
from node.database.connection import Connection
from node.inside.result import failed, passed
from node.inside.site import Site
from node.life.keep_settings import DEAD_AFTER_S
from node.life.nodes_table import LIVES, TABLE


def living(site: Site, connection: Connection) -> InsideResult:
    """This node is among the living, by the database's clock."""
    try:
        rows = connection.execute(
            sql.SQL(
                "SELECT instance_id, state, extract(epoch FROM clock_timestamp() - seen_at)::int,"
                " {} FROM {} ORDER BY instance_id"
            ).format(LIVES, sql.Identifier("public", TABLE)),
            {"dead_after_s": DEAD_AFTER_S},
        ).fetchall()
    except (errors.UndefinedTable, errors.InsufficientPrivilege):
        return failed(
            "database.members",
            f"there is no table {TABLE} that this node may read",
            "Restart one node of this release: its preparation makes it.",
        )
    alive = [str(row[0]) for row in rows if row[3]]
    gone = [f"{row[0]} {row[1]}, seen {row[2]} s ago" for row in rows if not row[3]]
    evidence = f"alive: {', '.join(alive) or 'none'}"
    if gone:
        evidence += f"; gone: {'; '.join(gone)}"
    if site.instance_id in alive:
        return passed("database.members", evidence, live_nodes=float(len(alive)))
    return failed(
        "database.members",
        f"this node is not among the living ({evidence})",
        "The others give its jobs away. Look into its log for what its keeper says.",
        live_nodes=float(len(alive)),
    )
