"""What the JVM of an instance id has open in the database.

Its JDBC URL carries `ApplicationName=<instance id>` (templates/overlay/jdbc_url.py), and it logs in
as the same role as its agent, which may therefore see and end these sessions.
"""

from node.database.connection import Connection
from node.errors import DatabaseUnavailableError

END_WITHIN_MS = 2000

_WORKING = """
SELECT 1 FROM pg_stat_activity
 WHERE datname = current_database() AND usename = current_user AND application_name = %s
   AND (state_change > clock_timestamp() - make_interval(secs => %s)
        OR state = 'active' AND wait_event_type IS DISTINCT FROM 'Client')
 LIMIT 1
"""
_END = """
SELECT pg_terminate_backend(pid, %s) FROM pg_stat_activity
 WHERE datname = current_database() AND usename = current_user AND application_name = %s
"""


def works(connection: Connection, instance_id: str, within_s: float) -> bool:
    """Whether a session of this id's JVM runs a statement or has ended one within `within_s`.

    A server that only waits for a frozen client to read or to go on is not at work. A living JVM
    looks for jobs every 30 s (`poll-db-millis`, serviceengine.xml:25), on one session or another.
    """
    found = connection.execute(_WORKING, (instance_id, within_s))
    return found.fetchone() is not None


def end(connection: Connection, instance_id: str) -> int:
    """No session of this id's JVM is open; what it had not committed is undone. Returns how many.

    Raises DatabaseUnavailableError when one did not end in time.
    """
    ended = connection.execute(_END, (END_WITHIN_MS, instance_id)).fetchall()
    if any(row != (True,) for row in ended):
        raise DatabaseUnavailableError(
            f"A database session of {instance_id!r} did not end within {END_WITHIN_MS} ms."
        )
    return len(ended)
