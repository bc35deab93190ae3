"""Who takes over the ended jobs of a node that is gone, to purge them one day."""

from psycopg import sql

from node.database.connection import Connection
from node.life.node_state import WORKING, named

_HEIR = sql.SQL("""
SELECT min(instance_id) FROM public.scipio_cluster_node
 WHERE instance_id <> %s AND state IN ({working}) AND role = 'app'
   AND seen_at > clock_timestamp() - make_interval(secs => %s)
""").format(working=named(*WORKING))


def heir_of(connection: Connection, gone: str, *, dead_after_s: float) -> str | None:
    """A living node that polls for jobs; None where there is none.

    A node purges its own ended jobs alone, and only while it polls (JobManager.java:357): a search
    node would keep them for ever.
    """
    found = connection.execute(_HEIR, (gone, dead_after_s)).fetchone()
    return None if found is None or found[0] is None else str(found[0])
