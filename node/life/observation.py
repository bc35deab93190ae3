"""One look at the cluster, with one statement, and what the keeper was ordered to do meanwhile."""

from dataclasses import dataclass

from psycopg import sql

from node.database.connection import Connection
from node.life.job_lock import COMMENT
from node.life.keep_settings import KeepSettings
from node.life.nodes_table import LIVES
from node.life.stuck_pool import stuck_pool_s
from node.life.sweep import silent_nodes

_LOOK = sql.SQL("""
SELECT own.incarnation, own.state,
       EXISTS (SELECT 1 FROM public.job_manager_lock
                WHERE instance_id = %(me)s AND comments = %(comment)s),
       (SELECT count(*) FROM public.job_sandbox
         WHERE run_by_instance_id = %(me)s
           AND (status_id IS NULL
                OR status_id IN ('SERVICE_PENDING', 'SERVICE_QUEUED', 'SERVICE_RUNNING'))
           AND finish_date_time IS NULL AND cancel_date_time IS NULL),
       (SELECT coalesce(string_agg(instance_id, ' ' ORDER BY instance_id), '')
          FROM public.scipio_cluster_node
         WHERE {lives})
  FROM (SELECT 1) AS always LEFT JOIN public.scipio_cluster_node AS own ON own.instance_id = %(me)s
""").format(lives=LIVES)
"""Instance ids hold no spaces (node/identity.py)."""


@dataclass(frozen=True, kw_only=True)
class Orders:
    """What was asked of the keeper since it began; an order is never taken back."""

    drain: bool = False
    leave: bool = False


@dataclass(frozen=True, kw_only=True)
class View:
    """What the database says."""

    incarnation: str | None
    """Of the row of this node's id; None when there is none."""
    state: str | None
    jobs_locked: bool
    running_jobs: int
    """Claimed and not ended; those that wait in the JVM's queue count too."""
    live_nodes: tuple[str, ...]
    silent: tuple[str, ...]
    """Ids to be looked at more closely."""
    pool_stuck_s: float = 0
    """For how long the JVM's whole pool has stood idle in transaction."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """The view of one cycle."""

    now: float
    """Monotonic seconds."""
    orders: Orders
    view: View | None = None
    words: str = ""
    """Why there is no view."""


def look(connection: Connection, settings: KeepSettings) -> View:
    """Reads only. Raises psycopg.Error."""
    me, dead_after_s = settings.instance_id, settings.dead_after_s
    row = connection.execute(
        _LOOK, {"me": me, "dead_after_s": dead_after_s, "comment": COMMENT}
    ).fetchone()
    assert row is not None
    incarnation, state, jobs_locked, running_jobs, live_nodes = row
    return View(
        incarnation=None if incarnation is None else str(incarnation),
        state=None if state is None else str(state),
        jobs_locked=bool(jobs_locked),
        running_jobs=int(str(running_jobs)),
        live_nodes=tuple(str(live_nodes).split()),
        silent=silent_nodes(connection, me, dead_after_s),
        pool_stuck_s=stuck_pool_s(connection, me, settings.pool_max),
    )
