"""What an instance that is gone has left in the ERP's tables, and how each case goes back.

Runs inside its caller's transaction, which has made sure that the instance is gone. Every
statement names one instance id, so rows of a living node are never touched. Columns:
framework/service/entitydef/entitymodel.xml:29-88, 187-220.
"""

from dataclasses import dataclass

from node.database.connection import Connection
from node.life.job_fence import let_hand_back

FINISHED_AT_ONCE = 1000
"""Rows of one pass, so that a pass ends well within the statement timeout."""

_RELEASE_WAITING = """
UPDATE public.job_sandbox
   SET run_by_instance_id = NULL, start_date_time = NULL,
       status_id = CASE WHEN status_id IS NOT NULL THEN 'SERVICE_PENDING' END
 WHERE run_by_instance_id = %s
   AND (status_id IN ('SERVICE_PENDING', 'SERVICE_QUEUED')
        OR status_id IS NULL AND finish_date_time IS NULL AND cancel_date_time IS NULL)
"""
"""A seeded job has no status until it is queued, and keeps none here: the poller asks for no status
(JobManager.java:235), and the next load of data knows seeded rows by it. No start of the ERP takes
such a row back (JobManager.java:479)."""
_RELEASE_RUNNING = """
UPDATE public.job_sandbox AS job
   SET run_by_instance_id = NULL, start_date_time = NULL, status_id = 'SERVICE_PENDING',
       run_time = clock_timestamp(),
       recurrence_info_id = CASE WHEN running.goes_on THEN NULL ELSE job.recurrence_info_id END,
       temp_expr_id = CASE WHEN running.goes_on THEN NULL ELSE job.temp_expr_id END
  FROM (SELECT job_id,
               start_date_time < clock_timestamp() - interval '1 day' OR EXISTS (
                   SELECT 1 FROM public.job_sandbox AS next
                    WHERE next.previous_job_id = claimed.job_id) AS goes_on
          FROM public.job_sandbox AS claimed
         WHERE run_by_instance_id = %s AND status_id = 'SERVICE_RUNNING' AND event_id IS NULL
       ) AS running
 WHERE job.job_id = running.job_id
"""
"""`goes_on`: the row of the schedule's next time is there, or may have been."""
_CRASH_STARTUP = """
UPDATE public.job_sandbox
   SET status_id = 'SERVICE_CRASHED', cancel_date_time = clock_timestamp()
 WHERE run_by_instance_id = %s AND status_id = 'SERVICE_RUNNING' AND event_id IS NOT NULL
"""
_ADOPT_FINISHED = """
UPDATE public.job_sandbox SET run_by_instance_id = %s
 WHERE job_id IN (
       SELECT job_id FROM public.job_sandbox
        WHERE run_by_instance_id = %s
          AND (finish_date_time IS NOT NULL OR cancel_date_time IS NOT NULL)
        LIMIT %s)
"""
_RELEASE_SEMAPHORES = "DELETE FROM public.service_semaphore WHERE locked_by_instance_id = %s"


@dataclass(frozen=True, kw_only=True)
class HandedBack:
    """How many rows of each case."""

    waiting: int
    running: int
    startup: int
    semaphores: int

    def __str__(self) -> str:
        return (
            f"{self.waiting} waiting and {self.running} running jobs to be run by others, "
            f"{self.startup} start-up jobs crashed, {self.semaphores} semaphores released"
        )


def hand_back(connection: Connection, gone: str) -> HandedBack:
    """Every unfinished job of `gone` is free for the others, and no semaphore is held by it."""
    let_hand_back(connection)
    return HandedBack(
        waiting=release_waiting(connection, gone),
        running=_release_running(connection, gone),
        startup=_crash_startup(connection, gone),
        semaphores=connection.execute(_RELEASE_SEMAPHORES, (gone,)).rowcount,
    )


def release_waiting(connection: Connection, gone: str) -> int:
    """Jobs claimed or queued, and not begun: free again, due as before, schedule kept."""
    return connection.execute(_RELEASE_WAITING, (gone,)).rowcount


def adopt_finished(connection: Connection, gone: str, *, heir: str) -> int:
    """Ended jobs of `gone` belong to `heir`: a node purges its own alone (JobManager.java:357).

    At most FINISHED_AT_ONCE a call; returns how many.
    """
    return connection.execute(_ADOPT_FINISHED, (heir, gone, FINISHED_AT_ONCE)).rowcount


def _release_running(connection: Connection, gone: str) -> int:
    """Jobs that had begun run once more, now and without a schedule.

    The ERP inserts the next recurrence when a job begins (PersistedServiceJob.java:155-172), in a
    second transaction: when an instance died between the two, the schedule stays with this row.
    A job that began more than a day ago may have had a successor that is purged by now.
    """
    return connection.execute(_RELEASE_RUNNING, (gone,)).rowcount


def _crash_startup(connection: Connection, gone: str) -> int:
    """Jobs of a start-up event run at a start alone, so they end here, as the ERP does it
    (JobManager.java:519). The row of the next start was inserted when they began."""
    return connection.execute(_CRASH_STARTUP, (gone,)).rowcount
