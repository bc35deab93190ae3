"""A connection pool of which every connection waits in a transaction for its JVM.

Threads that wait for each other's connections look like that, and so do connections that are never
given back: no request gets on, while the database and the JVM's health path both answer.
"""

from node.database.connection import Connection

_STUCK = b"""
SELECT CASE WHEN count(*) >= %(pool_max)s AND bool_and(state LIKE 'idle in transaction%%')
            THEN extract(epoch FROM clock_timestamp() - max(state_change)) ELSE 0 END::float8
  FROM pg_stat_activity
 WHERE application_name = %(me)s AND usename = current_user
"""
"""The application may see the state of its own role's sessions alone, and needs no other."""


def stuck_pool_s(connection: Connection, me: str, pool_max: int) -> float:
    """For how many seconds the whole pool of `me` has stood in transactions; 0 when it does not.

    Raises psycopg.Error.
    """
    row = connection.execute(_STUCK, {"me": me, "pool_max": pool_max}).fetchone()
    assert row is not None  # an aggregate
    return float(str(row[0]))
