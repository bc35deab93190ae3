"""What of a cluster is watched: the names by which CloudWatch knows its parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi


@dataclass(frozen=True, kw_only=True)
class WatchedServers:
    """The servers of one colour; suffixes are the ARN's end, as the load balancer reports by."""

    group_name: pulumi.Input[str]
    target_group_suffix: pulumi.Input[str]
    min: int
    max: int
    leave_within_s: int
    """How long a server may take to leave: the load balancer's delay, then its node's drain."""
    warmup_s: int
    """How long a release waits after a new server came, before it ends an old one."""


@dataclass(frozen=True, kw_only=True)
class WatchedSearch:
    """The search server, and the balancer that leads to it; suffixes as above."""

    group_name: pulumi.Input[str]
    balancer_suffix: pulumi.Input[str]
    target_group_suffix: pulumi.Input[str]


@dataclass(frozen=True, kw_only=True)
class WatchedDatabase:
    """`connections` is how many PostgreSQL gives to the nodes and all others."""

    identifier: pulumi.Input[str]
    connections: int
    storage_gib: int


@dataclass(frozen=True, kw_only=True)
class WatchedBroker:
    """`instance_names` are the broker's name with a number, one or two."""

    instance_names: Sequence[pulumi.Input[str]]
    topic: str


@dataclass(frozen=True, kw_only=True)
class WatchedFiles:
    """`bursting` file systems are slow once their credit is used."""

    file_system_id: pulumi.Input[str]
    bursting: bool


@dataclass(frozen=True, kw_only=True)
class WatchedCluster:
    """Every part that has figures; `servers` by colour; `search` is None where there is none."""

    load_balancer_suffix: pulumi.Input[str]
    certificate_arn: pulumi.Input[str]
    servers: Mapping[str, WatchedServers]
    search: WatchedSearch | None
    database: WatchedDatabase
    broker: WatchedBroker
    files: WatchedFiles
