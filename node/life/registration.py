"""A node enters the table of heartbeats, unless a living node has its instance id already."""

import time
import uuid
from dataclasses import dataclass

import psycopg

from contract.names import NodeRole
from node.database.connection import Connection
from node.errors import ConfigurationError, DatabaseUnavailableError
from node.life import job_lock, jvm_sessions, node_lock
from node.life.hand_back import release_waiting
from node.life.keep_settings import DEAD_AFTER_S
from node.life.node_state import NodeState

STARTING_S = 15.0
"""How long a node may take from its registration to its keeper's first sign."""
PATIENCE_S = 20.0
"""Longer than STARTING_S: a node that was killed while it started must not keep its id."""
PAUSE_S = 1.0


class NodeIdTakenError(ConfigurationError):
    """Another living node has this instance id. Nothing of it was touched."""


@dataclass(frozen=True, kw_only=True)
class _Entry:
    """The row of this run of the node."""

    instance_id: str
    incarnation: str
    host: str
    role: NodeRole


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Who has the id, and how that is known."""

    sign: str
    host: str
    since: str
    seen_at: object
    beats: bool
    """Its keeper holds the id's lock."""


def new_incarnation() -> str:
    """Names one run of a node, as no other run ever was."""
    return uuid.uuid4().hex


def register(  # noqa: PLR0913 - all but the first three are keywords
    connection: Connection,
    instance_id: str,
    host: str,
    *,
    role: NodeRole = "app",
    incarnation: str | None = None,
    dead_after_s: float = DEAD_AFTER_S,
    patience_s: float = PATIENCE_S,
) -> str:
    """This run of the node has the id, and may take jobs; returns the name of its incarnation,
    which is `incarnation` where one is given.

    What an earlier run had claimed and not begun is free again. Its running jobs are left to the
    ERP, which takes them up when it boots (`reloadCrashedJobs`, JobManager.java:473-617) and obeys
    `job.crashed.ignore.filter`; of claimed recurring jobs it would drop the schedule.
    Raises NodeIdTakenError when a living node has the id; a run that was killed is no such node.
    Raises DatabaseUnavailableError when the database breaks off.
    """
    named = incarnation or new_incarnation()
    entry = _Entry(instance_id=instance_id, incarnation=named, host=host, role=role)
    try:
        return _register(connection, entry, dead_after_s, patience_s)
    except psycopg.Error as error:
        raise DatabaseUnavailableError(
            f"database {connection.info.dbname!r}: node {instance_id!r} could not be entered into "
            f"scipio_cluster_node: {' '.join(str(error).split())}. Start the node again."
        ) from None


def _register(connection: Connection, entry: _Entry, dead_after_s: float, patience_s: float) -> str:
    deadline = time.monotonic() + patience_s
    first = holder = _try(connection, entry, dead_after_s)
    while holder is not None:
        moved = first is not None and holder.seen_at != first.seen_at
        if (holder.beats and moved) or time.monotonic() >= deadline:
            raise NodeIdTakenError(
                f"SCIPIO_INSTANCE_ID: {entry.instance_id!r} is taken by a node on host "
                f"{holder.host!r}, started {holder.since}: {holder.sign}. Two nodes with one id "
                "would run each other's jobs. Give this node an id of its own, or stop that one "
                "first."
            )
        time.sleep(PAUSE_S)
        holder = _try(connection, entry, dead_after_s)
    return entry.incarnation


def _try(connection: Connection, entry: _Entry, dead_after_s: float) -> Holder | None:
    instance_id = entry.instance_id
    with connection.transaction():
        if not node_lock.try_hold_in_transaction(connection, instance_id):
            return _holder(connection, instance_id, "its agent is connected", beats=True)
        if _is_starting(connection, instance_id):
            return _holder(connection, instance_id, "it is starting", beats=False)
        if jvm_sessions.works(connection, instance_id, dead_after_s):
            return _holder(connection, instance_id, "it works in the database", beats=False)
        try:
            jvm_sessions.end(connection, instance_id)
        except DatabaseUnavailableError as error:
            return _holder(connection, instance_id, str(error).rstrip("."), beats=False)
        release_waiting(connection, instance_id)
        job_lock.remove(connection, instance_id)
        connection.execute(
            "INSERT INTO public.scipio_cluster_node AS node"
            " (instance_id, incarnation, host, role, state) VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT (instance_id) DO UPDATE SET incarnation = excluded.incarnation,"
            " host = excluded.host, role = excluded.role, state = excluded.state,"
            " started_at = excluded.started_at, seen_at = excluded.seen_at",
            (instance_id, entry.incarnation, entry.host, entry.role, NodeState.STARTING.value),
        )
        return None


def _is_starting(connection: Connection, instance_id: str) -> bool:
    found = connection.execute(
        "SELECT 1 FROM public.scipio_cluster_node WHERE instance_id = %s AND state = %s"
        " AND seen_at > clock_timestamp() - make_interval(secs => %s)",
        (instance_id, NodeState.STARTING.value, STARTING_S),
    )
    return found.fetchone() is not None


def _holder(connection: Connection, instance_id: str, sign: str, *, beats: bool) -> Holder:
    row = connection.execute(
        "SELECT host, to_char(started_at, 'YYYY-MM-DD HH24:MI:SS TZ'), seen_at"
        " FROM public.scipio_cluster_node WHERE instance_id = %s",
        (instance_id,),
    ).fetchone()
    host, since, seen_at = row or ("unknown", "at an unknown time", None)
    return Holder(sign=sign, host=str(host), since=str(since), seen_at=seen_at, beats=beats)
