"""What the JVM of an instance id has open in the database.

Its JDBC URL carries `ApplicationName=<instance id>` (templates/overlay/jdbc_url.py), and it logs in
as the same role as its agent, which may therefore see and end these sessions.
"""

import time

from node.database.connection import Connection
from node.errors import DatabaseUnavailableError

END_WITHIN_S = 2.0
LOOK_AGAIN_S = 0.02

_WORKING = """
SELECT 1 FROM pg_stat_activity
 WHERE datname = current_database() AND usename = current_user AND application_name = %s
   AND (state_change > clock_timestamp() - make_interval(secs => %s)
        OR state = 'active' AND wait_event_type IS DISTINCT FROM 'Client')
 LIMIT 1
"""
_END = """
SELECT pg_terminate_backend(pid), pid FROM pg_stat_activity
 WHERE datname = current_database() AND usename = current_user AND application_name = %s
"""
"""Its answer is not asked: false is also said of a session that has just ended by itself, and true
of one that is only ending. Whether one is left, the next look says."""
_LOOK_ANEW = "SELECT pg_stat_clear_snapshot()"
"""Within a transaction the server shows the sessions of its first look again and again."""


def works(connection: Connection, instance_id: str, within_s: float) -> bool:
    """Whether a session of this id's JVM runs a statement or has ended one within `within_s`.

    A server that only waits for a frozen client to read or to go on is not at work. A living JVM
    looks for jobs every 30 s (`poll-db-millis`, serviceengine.xml:25), on one session or another.
    """
    found = connection.execute(_WORKING, (instance_id, within_s))
    return found.fetchone() is not None


def end(connection: Connection, instance_id: str) -> int:
    """No session of this id's JVM is open; what it had not committed is undone. Returns how many.

    One that ends by itself meanwhile is one that is gone.
    Raises DatabaseUnavailableError when one is still there after END_WITHIN_S.
    """
    deadline = time.monotonic() + END_WITHIN_S
    met: set[object] = set()
    while left := _order_to_end(connection, instance_id):
        met |= left
        if time.monotonic() >= deadline:
            raise DatabaseUnavailableError(
                f"{len(left)} database sessions of {instance_id!r} did not end within "
                f"{END_WITHIN_S:g} s; the first one has the pid {min(map(str, left))}."
            )
        time.sleep(LOOK_AGAIN_S)
    return len(met)


def _order_to_end(connection: Connection, instance_id: str) -> set[object]:
    """Pids of the sessions that are there; each has been ordered to end."""
    connection.execute(_LOOK_ANEW)
    return {row[1] for row in connection.execute(_END, (instance_id,)).fetchall()}
