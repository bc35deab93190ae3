"""Arithmetic of a cluster: ids, connections, memory, times. Pure; numbers in, numbers out."""

from contract.node_times import DATABASE_WAIT_S, WARM_UP_S
from settings.models import NODES_MAX, SURGE_MAX, App, Database, Nodes
from settings.release import ColourName

SUPERUSER_RESERVED_CONNECTIONS = 3
"""PostgreSQL keeps these for superusers (`superuser_reserved_connections`, default 3)."""

AGENT_CONNECTIONS = 1
"""Of one node beside its JVM's pool: the agent's own, for the node's heartbeat."""

AGENT_MIB = 80
"""The most that the node's agent may use: PID 1 and companion 33 MiB, and a check of the node's
beside them 28, or 44 where it asks AWS for its secrets (measured, without what they share)."""

ERP_NATIVE_MIB = 336
"""What the ERP's JVM uses beside its heap: 0.95 GB resident with `-Xmx640m` (measured, JDK 17)."""

ERP_HEAP_MIN_MIB = 640
"""The ERP keeps 480 MiB alive when idle and was seen to run from 640 MiB on (measured)."""

REFERENCE_NATIVE_MIB = 160
"""What the reference node's JVM may use beside its heap: with `-Xmx128m` it was 70 to 90 MiB
resident in all, heap included (measured soon after its start, JDK 17)."""

SEARCH_INSTANCE_ID = "search"
"""Of the one node in the role `search` on this machine."""

BALANCER_SLOTS = NODES_MAX + SURGE_MAX
"""Places for nodes of one colour in the balancer: fixed, so that a node comes and goes without
touching it."""

NODE_END_MARGIN_S = 30
"""What the agent needs beside its jobs' and its JVM's limits: the balancer lets go (2 s), the kill
takes effect, jobs and locks are handed back (12 s at most), last words."""


def instance_ids(
    nodes: Nodes, colour: ColourName = "blue", count: int | None = None
) -> tuple[str, ...]:
    """One id a node, in order; `count` is that of the nodes of this colour, None: `nodes.count`.

    A node added at the end leaves all others' ids as they are. Ids given one by one are blue's.
    """
    wanted = nodes.count if count is None else count
    if colour == "blue" and nodes.instance_ids is not None:
        return tuple(nodes.instance_ids)
    prefix = nodes.instance_id_prefix + ("" if colour == "blue" else f"-{colour}")
    return tuple(f"{prefix}-{number}" for number in range(1, wanted + 1))


def connections_needed(nodes_at_most: int, database: Database) -> int:
    """Most connections that may be open at once: every node's pool and agent, and the reserve."""
    return nodes_at_most * (database.pool_max + AGENT_CONNECTIONS) + database.reserve


def connections_available(database: Database) -> int:
    """Connections that PostgreSQL gives to roles that are no superuser."""
    return database.max_connections - SUPERUSER_RESERVED_CONNECTIONS


def largest_pool(nodes_at_most: int, database: Database) -> int:
    """The largest `pool_max` with which all nodes fit; less than 1 when none does."""
    share = (connections_available(database) - database.reserve) // nodes_at_most
    return share - AGENT_CONNECTIONS


def native_mib(app: App) -> int:
    """What the JVM of this app needs beside its heap: metaspace, code, threads, buffers."""
    return ERP_NATIVE_MIB if app.runs_the_erp else REFERENCE_NATIVE_MIB


def memory_needed_mib(app: App, nodes: Nodes) -> int:
    """The smallest memory limit of a container in which the heap may fill and nothing is killed."""
    return nodes.heap_mib + native_mib(app) + AGENT_MIB


def node_start_s(*, boot_timeout_s: int, subscription_wait_s: int) -> int:
    """The longest start of a node that is well, once its database is prepared: its JVM's boot, then
    its first page and its subscription, which it waits for at the same time.
    """
    return boot_timeout_s + max(WARM_UP_S, subscription_wait_s)


def first_node_start_s(*, boot_timeout_s: int, subscription_wait_s: int) -> int:
    """The same from nothing: before it come the wait for a database, and the preparation of that,
    which is a run of the JVM of its own or the wait for another node's.
    """
    start_s = node_start_s(boot_timeout_s=boot_timeout_s, subscription_wait_s=subscription_wait_s)
    return DATABASE_WAIT_S + boot_timeout_s + start_s


def node_end_s(*, drain_timeout_s: int, stop_timeout_s: int) -> int:
    """When a platform kills a container that was ordered to stop: after the agent has given up."""
    return drain_timeout_s + stop_timeout_s + NODE_END_MARGIN_S
