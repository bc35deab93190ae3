"""Declares a silent node dead and hands back what it had, in two transactions.

The order makes it safe while the others poll, and for a node that is slow or wakes up again:
its keeper's lock is free and taken here, so that no keeper of that id can say it lives before the
end; no session of its JVM is at work. The first transaction marks it dead, and the ERP's own lock
row keeps it from taking jobs: from its commit on the database stores no row of a job for it
(`job_fence`), whatever it does when it wakes up. Only then are its sessions ended, which a job that
it runs would record as its failure, and its rows go back. Where the second one fails, the node is
dead and still has rows, and is swept again.
"""

from dataclasses import dataclass

from psycopg import sql

from node.database.connection import Connection
from node.life import job_lock, jvm_sessions, node_lock
from node.life.hand_back import HandedBack, adopt_finished, hand_back
from node.life.heir import heir_of
from node.life.node_state import GONE, NodeState, named

_SILENT = sql.SQL("""
SELECT instance_id FROM public.scipio_cluster_node AS node
 WHERE instance_id <> %(me)s
   AND greatest(seen_at,
                (SELECT backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()))
       < clock_timestamp() - make_interval(secs => %(dead_after_s)s)
   AND (state NOT IN ({gone})
        OR EXISTS (SELECT 1 FROM public.job_sandbox WHERE run_by_instance_id = node.instance_id)
        OR EXISTS (SELECT 1 FROM public.service_semaphore
                    WHERE locked_by_instance_id = node.instance_id))
 ORDER BY instance_id
""").format(gone=named(*GONE))
_STILL_SILENT = """
SELECT state FROM public.scipio_cluster_node
 WHERE instance_id = %(id)s
   AND seen_at < clock_timestamp() - make_interval(secs => %(dead_after_s)s)
   FOR UPDATE
"""
_FORGET = sql.SQL("""
DELETE FROM public.scipio_cluster_node AS node
 WHERE state IN ({gone}) AND seen_at < clock_timestamp() - interval '7 days'
RETURNING instance_id
""").format(gone=named(*GONE))


@dataclass(frozen=True, kw_only=True)
class Swept:
    """A node that this sweep found gone."""

    instance_id: str
    handed_back: HandedBack
    adopted: int

    def __str__(self) -> str:
        return (
            f"Node {self.instance_id!r} is gone: {self.handed_back}, "
            f"{self.adopted} ended jobs taken over for purging."
        )


@dataclass(frozen=True, kw_only=True)
class Spared:
    """A node that only looked silent, or that another one is sweeping."""

    instance_id: str
    reason: str

    def __str__(self) -> str:
        return f"Node {self.instance_id!r} gives no sign, and is not swept: {self.reason}."


def silent_nodes(connection: Connection, me: str, dead_after_s: float) -> tuple[str, ...]:
    """Ids whose heartbeat is too old, and gone ones that have left something behind.

    The connection must have lasted as long itself: after an outage of the database, or of the way
    to it, every other heartbeat is old, and everybody gets the whole time to come back.
    """
    found = connection.execute(_SILENT, {"me": me, "dead_after_s": dead_after_s}).fetchall()
    return tuple(str(row[0]) for row in found)


def sweep(connection: Connection, silent: str, *, dead_after_s: float) -> Swept | Spared:
    """`silent` is declared dead and has nothing left, or a reason why it is let alone.

    Its ended jobs stay where no node lives that would purge them: a later sweep hands them on.
    Raises psycopg.Error and DatabaseUnavailableError: then nothing was handed back.
    """
    with connection.transaction():
        reason = _why_not(connection, silent, dead_after_s)
        if reason is not None:
            return Spared(instance_id=silent, reason=reason)
        _declare_dead(connection, silent)
    with connection.transaction():
        reason = _why_not(connection, silent, dead_after_s)
        if reason is not None:
            return Spared(instance_id=silent, reason=reason)
        jvm_sessions.end(connection, silent)
        handed_back = hand_back(connection, silent)
        heir = heir_of(connection, silent, dead_after_s=dead_after_s)
        adopted = 0 if heir is None else adopt_finished(connection, silent, heir=heir)
        return Swept(instance_id=silent, handed_back=handed_back, adopted=adopted)


def forget_long_gone(connection: Connection) -> tuple[str, ...]:
    """Rows of nodes that are gone for a week do not pile up; returns whose.

    A node that comes back after that finds no row of its own and ends just as a dead one.
    """
    with connection.transaction():
        gone = [str(row[0]) for row in connection.execute(_FORGET).fetchall()]
        for instance_id in gone:
            job_lock.remove(connection, instance_id)
    return tuple(gone)


def _why_not(connection: Connection, silent: str, dead_after_s: float) -> str | None:
    if not node_lock.try_be_sweeper(connection):
        return "another node is sweeping"
    if not node_lock.try_hold_in_transaction(connection, silent):
        return "its agent is connected"
    row = connection.execute(_STILL_SILENT, {"id": silent, "dead_after_s": dead_after_s}).fetchone()
    if row is None:
        return "it has come back"
    if row[0] == NodeState.DEAD:
        return None
    if jvm_sessions.works(connection, silent, dead_after_s):
        return "it works in the database"
    return None


def _declare_dead(connection: Connection, silent: str) -> None:
    """A node that has left in order is gone without being kept from anything."""
    declared = connection.execute(
        "UPDATE public.scipio_cluster_node SET state = %s WHERE instance_id = %s AND state <> %s",
        (NodeState.DEAD.value, silent, NodeState.LEFT.value),
    )
    if declared.rowcount == 1:
        job_lock.put(connection, silent)
