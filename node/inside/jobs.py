"""Whether any node of the cluster looks for jobs: each by its own pools, and many for each pool."""

from psycopg import errors

from contract.inside_report import InsideResult
from node.database.connection import Connection
from node.inside.result import failed, passed
from node.inside.site import Site
from node.life.keep_settings import DEAD_AFTER_S
from node.life.nodes_table import LIVES, TABLE

LINE = "database.jobs"
PATIENCE_S = 900
"""A job may wait while all threads are at work; a pool that begins none for so long is unserved.
Nodes look every 30 s (serviceengine.xml, poll-db-millis)."""

_RUNS_SINCE = (
    f"SELECT extract(epoch FROM clock_timestamp() - min(started_at))::int FROM public.{TABLE}"  # noqa: S608 - our own constant
    " WHERE role = 'app' AND "
)
_UNSERVED = """
SELECT coalesce(pool_id, ''), count(*), min(run_time)
  FROM job_sandbox AS due
 WHERE run_time < clock_timestamp() - make_interval(secs => %(patience_s)s)
   AND run_by_instance_id IS NULL AND start_date_time IS NULL AND cancel_date_time IS NULL
   AND event_id IS NULL
   AND NOT EXISTS (
    SELECT 1 FROM job_sandbox AS other
     WHERE other.pool_id IS NOT DISTINCT FROM due.pool_id
       AND (other.start_date_time > clock_timestamp() - make_interval(secs => %(patience_s)s)
            OR (other.run_by_instance_id IS NOT NULL AND other.finish_date_time IS NULL
                AND other.cancel_date_time IS NULL)))
 GROUP BY pool_id ORDER BY 3
"""
"""By the ERP's own question (JobManager.poll), which takes a job without a pool on every node."""
_HELD = """
SELECT coalesce(comments, 'without a comment') FROM job_manager_lock
 WHERE instance_id = '_NA_' AND from_date <= now() AND (thru_date IS NULL OR thru_date > now())
 ORDER BY from_date LIMIT 1
"""


def polled(_: Site, connection: Connection) -> InsideResult:
    """No pool has due jobs of which none begins."""
    try:
        age = connection.execute(
            _RUNS_SINCE.encode() + LIVES.as_bytes(connection), {"dead_after_s": DEAD_AFTER_S}
        ).fetchone()
        unserved = connection.execute(_UNSERVED, {"patience_s": PATIENCE_S}).fetchall()
        held = connection.execute(_HELD).fetchone()
    except (errors.UndefinedTable, errors.UndefinedColumn):
        return passed(LINE, "there are no tables of jobs yet")
    if age is None or age[0] is None or int(str(age[0])) < PATIENCE_S:
        return passed(LINE, f"no app node has lived for {PATIENCE_S // 60} minutes yet")
    if not unserved:
        return passed(LINE, "every pool that has due jobs begins them")
    waiting = "; ".join(
        f"{count} of {f'the pool {pool!r}' if pool else 'no pool'}, since {since}"
        for pool, count, since in unserved
    )
    if held is not None:
        return failed(
            LINE,
            f"no node begins a job ({waiting}): all are held in job_manager_lock ({held[0]})",
            "Wait for the load or the person who holds them; docs/operations.md says how to lift "
            "what a load that was cut off has left.",
        )
    return failed(
        LINE,
        f"due jobs that no node of the cluster begins: {waiting}",
        'Nodes must look for them: <thread-pool> of serviceengine.xml needs poll-enabled="true" '
        "and a <run-from-pool> of that name; then pack the tree anew (make image).",
    )
