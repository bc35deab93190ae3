"""The lock that the agent of an instance id holds while it lives: PostgreSQL's advisory locks.

It belongs to a session, so the server frees it the moment that the agent's process or its
connection ends. The number is the server's own hash of the id: 64 bits, no second table of keys.
"""

from node.database.connection import Connection

_KEY = "hashtextextended('scipio node ' || %s, 0)"
_SWEEPER_KEY = "hashtextextended('scipio sweeper', 0)"


def try_hold(connection: Connection, instance_id: str) -> bool:
    """Whether this session holds the id's lock from now on, until it ends."""
    return _is_true(connection, f"SELECT pg_try_advisory_lock({_KEY})", instance_id)


def try_hold_in_transaction(connection: Connection, instance_id: str) -> bool:
    """Whether the id's lock is free; if so, it stays so until this transaction ends."""
    return _is_true(connection, f"SELECT pg_try_advisory_xact_lock({_KEY})", instance_id)


def try_be_sweeper(connection: Connection) -> bool:
    """Whether this transaction is the one that sweeps, of all nodes."""
    return _is_true(connection, f"SELECT pg_try_advisory_xact_lock({_SWEEPER_KEY})")


def _is_true(connection: Connection, query: str, *parameters: str) -> bool:
    return connection.execute(query, parameters or None).fetchone() == (True,)
