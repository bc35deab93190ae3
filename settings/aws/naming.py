"""Lengths of names: what AWS allows, less what Pulumi appends."""

from collections.abc import Mapping
from typing import Literal

AUTO_NAME_SUFFIX = 8
"""A hyphen and seven digits, which Pulumi appends to a resource's logical name."""

NamedKind = Literal[
    "load-balancer", "target-group", "broker", "role", "instance-profile", "auto-scaling-group",
    "database", "bucket", "secret", "alarm",
]  # fmt: skip

NAME_MAX_LENGTH: Mapping[NamedKind, int] = {
    "load-balancer": 32,
    "target-group": 32,
    "broker": 50,
    "role": 64,
    "instance-profile": 128,
    "auto-scaling-group": 255,
    "database": 63,
    "bucket": 63,
    "secret": 512,
    "alarm": 255,
}
"""Each service's own limit (its API reference, 2026)."""

LONGEST_ENDING = len("-search")
"""The longest that a load balancer's or target group's name has after the cluster's."""

CLUSTER_NAME_MAX_LENGTH = NAME_MAX_LENGTH["target-group"] - AUTO_NAME_SUFFIX - LONGEST_ENDING
"""17: so that every name made from the cluster's fits."""


def logical_name_max_length(kind: NamedKind) -> int:
    """The most that a resource's logical name may have."""
    return NAME_MAX_LENGTH[kind] - AUTO_NAME_SUFFIX


def fits(kind: NamedKind, logical_name: str) -> bool:
    """Whether AWS takes what Pulumi makes of the name."""
    return len(logical_name) <= logical_name_max_length(kind)
