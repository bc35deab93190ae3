"""Rows of the ERP's job_manager_lock: a node for which one holds takes no new job.

The ERP looks at every poll, before anything else (JobPoller.java:481, JobManager.java:186-201).
"""

from node.database.connection import Connection

COMMENT = "scipio-cluster"
"""Distinguishes our rows from an operator's, which we never touch."""


def put(connection: Connection, instance_id: str) -> None:
    """The node takes no job from its next poll on. Nothing changes when that is so already.

    `from_date` lies in the past because the ERP compares it with its own clock.
    """
    connection.execute(
        "INSERT INTO public.job_manager_lock (instance_id, from_date, comments)"
        " SELECT %(id)s::text, clock_timestamp() - interval '1 day', %(comment)s::text"
        " WHERE NOT EXISTS (SELECT 1 FROM public.job_manager_lock"
        " WHERE instance_id = %(id)s::text AND comments = %(comment)s::text)",
        {"id": instance_id, "comment": COMMENT},
    )


def remove(connection: Connection, instance_id: str) -> None:
    """No row of ours keeps the node from taking jobs."""
    connection.execute(
        "DELETE FROM public.job_manager_lock WHERE instance_id = %s AND comments = %s",
        (instance_id, COMMENT),
    )
