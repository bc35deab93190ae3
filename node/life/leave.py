"""A node that ends in order hands everything back itself: no node has to wait for its silence."""

from dataclasses import dataclass

from psycopg import sql

from node.database.connection import Connection
from node.life import job_lock, jvm_sessions
from node.life.hand_back import HandedBack, adopt_finished, hand_back
from node.life.heir import heir_of
from node.life.node_state import GONE, NodeState, named

_OWN = sql.SQL("""
SELECT 1 FROM public.scipio_cluster_node
 WHERE instance_id = %s AND incarnation = %s AND state NOT IN ({gone}) FOR UPDATE
""").format(gone=named(*GONE))
_FORGET_OR_MARK = sql.SQL("""
WITH forgotten AS (
     DELETE FROM public.scipio_cluster_node
      WHERE instance_id = %(me)s
        AND NOT EXISTS (SELECT 1 FROM public.job_sandbox WHERE run_by_instance_id = %(me)s)
  RETURNING 1)
UPDATE public.scipio_cluster_node SET state = {left}
 WHERE instance_id = %(me)s AND NOT EXISTS (SELECT 1 FROM forgotten)
""").format(left=named(NodeState.LEFT))


@dataclass(frozen=True, kw_only=True)
class Left:
    """What was handed back at the end."""

    handed_back: HandedBack

    def __str__(self) -> str:
        return f"Left the cluster: {self.handed_back}."


def leave(
    connection: Connection, instance_id: str, incarnation: str, *, dead_after_s: float
) -> Left | None:
    """This run of the node has nothing in the database any more; None when it had not before.

    To be called when its JVM is gone; what the server is still doing for the JVM is ended. The row
    goes too, or is marked `left` while ended jobs wait to be purged.
    Raises psycopg.Error and DatabaseUnavailableError: then nothing was changed, and the others
    sweep as for a node that died.
    """
    with connection.transaction():
        if connection.execute(_OWN, (instance_id, incarnation)).fetchone() is None:
            return None
        jvm_sessions.end(connection, instance_id)
        handed_back = hand_back(connection, instance_id)
        job_lock.remove(connection, instance_id)
        heir = heir_of(connection, instance_id, dead_after_s=dead_after_s)
        if heir is not None:
            adopt_finished(connection, instance_id, heir=heir)
        connection.execute(_FORGET_OR_MARK, {"me": instance_id})
        return Left(handed_back=handed_back)
