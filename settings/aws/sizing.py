"""Arithmetic of a cluster on AWS: memory, connections, times. Pure; settings in, numbers out."""

from math import ceil

from contract.node_times import DATABASE_WAIT_S
from settings.aws.catalogue import DatabaseClass, InstanceType, machine
from settings.aws.groups import ServerGroup, server_groups
from settings.aws.settings import AwsSettings
from settings.sizing import (
    AGENT_CONNECTIONS,
    AGENT_MIB,
    ERP_NATIVE_MIB,
    NODE_END_MARGIN_S,
    SUPERUSER_RESERVED_CONNECTIONS,
    first_node_start_s,
    node_end_s,
    node_start_s,
)

SYSTEM_MIB = 512
"""Kernel, container engine, EFS and session agents of a server; beside `SYSTEM_SHARE`."""

SYSTEM_SHARE = 0.05
"""Of nominal memory, what firmware and the kernel's own tables take before anything runs."""

HEAP_OVERHEAD = 0.1
"""What the collector keeps beside the heap, in proportion to it: marks, remembered sets."""

HEAP_STEP_MIB = 64

HEAP_MAX_MIB = 30 * 1024
"""Below 32 GiB the JVM's references take four bytes; above, everything grows."""

SERVER_START_S = 180
"""From launch to the JVM's start: boot, the container engine's package, the image, the mount."""

SERVER_END_MARGIN_S = 60
"""After a container's own limit: systemd's, which is 30 s longer, and the next look at the unit."""

NODE_PAUSE_S = 65
"""Longest pause before a server starts its node again: prepare-node.sh's own, and systemd's."""

KEEP_ALIVE_MARGIN_S = 30
"""Clocks of two machines, and the way of the last packet."""

LET_GO_MARGIN_S = 300
"""After the deregistration delay: a network load balancer takes minutes more."""

BYTES_A_CONNECTION = 9_531_392
"""RDS: `max_connections` is LEAST(DBInstanceClassMemory / 9531392, 5000) for PostgreSQL
(AmazonRDS/latest/UserGuide/CHAP_Limits, Maximum number of database connections)."""

CONNECTIONS_CAP = 5000

CLASS_MEMORY_PERCENT = 88
"""DBInstanceClassMemory is less than the nominal memory: 198 connections were seen on 2 GiB where
the formula says 225, and 413 of 450 on 4 GiB; the lower share holds for all."""

_MIB = 1024 * 1024


def container_memory_mib(instance_type: InstanceType) -> int:
    """Limit of the node's container: the server's memory less what the system needs."""
    nominal = machine(instance_type).mib
    return nominal - SYSTEM_MIB - ceil(nominal * SYSTEM_SHARE)


def memory_needed_mib(heap_mib: int) -> int:
    """The smallest limit of a container in which a heap may fill and nothing is killed."""
    return heap_mib + ceil(heap_mib * HEAP_OVERHEAD) + ERP_NATIVE_MIB + AGENT_MIB


def largest_heap_mib(instance_type: InstanceType) -> int:
    """The largest heap, in steps of 64 MiB, that a node on such a server may have."""
    room = container_memory_mib(instance_type) - ERP_NATIVE_MIB - AGENT_MIB
    steps = int(room / (1 + HEAP_OVERHEAD)) // HEAP_STEP_MIB
    return min(HEAP_MAX_MIB, steps * HEAP_STEP_MIB)


def heap_mib(settings: AwsSettings) -> int:
    """The heap of a node: what the stack says, or what its servers allow."""
    return settings.nodes.heap_mib or largest_heap_mib(settings.servers.instance_type)


def search_heap_mib(settings: AwsSettings) -> int:
    """The heap of Solr; half of what is there at most, as the index lives in the system's cache."""
    return settings.search.heap_mib or largest_heap_mib(settings.search.instance_type) // 2


def grace_period_s(settings: AwsSettings) -> int:
    """How long a new server is left alone before its health counts: its slowest start.

    A node was seen to serve after 12 to 35 seconds; `bootTimeoutS` says when it is given up.
    """
    nodes = settings.nodes
    return _server_start_s(settings) + node_start_s(
        boot_timeout_s=nodes.boot_timeout_s, subscription_wait_s=nodes.subscription_wait_s
    )


def ready_within_s(settings: AwsSettings) -> int:
    """The same for the first servers of a stack, which also prepare its database."""
    nodes = settings.nodes
    return _server_start_s(settings) + first_node_start_s(
        boot_timeout_s=nodes.boot_timeout_s, subscription_wait_s=nodes.subscription_wait_s
    )


def container_stop_timeout_s(settings: AwsSettings) -> int:
    """When a container that was told to stop is killed: after the agent has given up."""
    return node_end_s(
        drain_timeout_s=settings.servers.drain_timeout_s,
        stop_timeout_s=settings.nodes.stop_timeout_s,
    )


def server_end_s(settings: AwsSettings) -> int:
    """How long a server may hold up its own end: until its node's container is gone for sure."""
    return container_stop_timeout_s(settings) + SERVER_END_MARGIN_S


def node_back_within_s(settings: AwsSettings) -> int:
    """How long a node that served may be away before its server is replaced.

    It counts from the end of the agent's patience (`silenceTimeoutS`). Then the JVM's threads are
    in the log, it ends, and the same server starts the node again, which may wait for a database.
    """
    nodes = settings.nodes
    end_s = nodes.stop_timeout_s + NODE_END_MARGIN_S
    start_s = DATABASE_WAIT_S + node_start_s(
        boot_timeout_s=nodes.boot_timeout_s, subscription_wait_s=nodes.subscription_wait_s
    )
    return end_s + NODE_PAUSE_S + start_s


def keep_alive_timeout_s(settings: AwsSettings) -> int:
    """How long a node keeps an idle connection: the load balancer is always the one to close it."""
    return settings.balancer.idle_timeout_s + KEEP_ALIVE_MARGIN_S


def let_go_within_s(settings: AwsSettings) -> int:
    """From the end's announcement until no load balancer sends the server anything."""
    return settings.balancer.deregistration_delay_s + LET_GO_MARGIN_S


def _server_start_s(settings: AwsSettings) -> int:
    """What a server takes beside its node: until the node begins, and until it is found healthy."""
    balancer = settings.balancer
    return SERVER_START_S + balancer.health_interval_s * balancer.healthy_threshold


def largest_size(settings: AwsSettings, group: ServerGroup) -> int:
    """The most servers that the group's own bounds and any schedule ever allow."""
    schedules = settings.servers.schedules if group.active else ()
    return max(group.max, *(schedule.max or 0 for schedule in schedules), 0)


def servers_at_most(settings: AwsSettings, group: ServerGroup) -> int:
    """The most servers of a group that run at once, surplus of a replacement included."""
    percent = settings.servers.max_healthy_percent
    return ceil(largest_size(settings, group) * percent / 100)


def nodes_at_most(settings: AwsSettings) -> int:
    """The most nodes that run at once: both colours, each with its surplus."""
    return sum(servers_at_most(settings, group) for group in server_groups(settings))


def connections_needed(settings: AwsSettings) -> int:
    """Most connections that may be open at once: every node's pool and agent, and the reserve."""
    database = settings.database
    of_one_node = database.pool_max + AGENT_CONNECTIONS
    return nodes_at_most(settings) * of_one_node + database.reserve


def class_connections(instance_class: DatabaseClass) -> int:
    """The `max_connections` to count on where RDS sets it by the class's memory."""
    usable = machine(instance_class).mib * _MIB * CLASS_MEMORY_PERCENT // 100
    return min(usable // BYTES_A_CONNECTION, CONNECTIONS_CAP)


def connections_available(settings: AwsSettings) -> int:
    """Connections that PostgreSQL gives to roles that are no superuser."""
    database = settings.database
    limit = database.max_connections or class_connections(database.instance_class)
    return limit - SUPERUSER_RESERVED_CONNECTIONS
