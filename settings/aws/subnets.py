"""The addresses of a VPC, zone by zone. Pure; blocks in, blocks out."""

from collections.abc import Sequence
from ipaddress import IPv4Network
from typing import NamedTuple

ZONE_SLOTS = 4
"""Places for zones: three that may be used, and one that stays free for what nobody knows yet."""

VPC_PREFIXES = range(16, 24)
"""From /16, AWS's largest VPC, to /23: there a public subnet is a /27, the smallest in which a load
balancer grows (elasticloadbalancing/latest/application/application-load-balancers: Subnets)."""


class ZoneSubnets(NamedTuple):
    """The subnets of one zone."""

    zone: str
    public: IPv4Network
    """For the load balancer and NAT."""
    private: IPv4Network
    """For the servers: twice the others."""
    isolated: IPv4Network
    """For database, broker and files: no way to the internet."""


def subnet_plan(vpc: IPv4Network, zones: Sequence[str]) -> tuple[ZoneSubnets, ...]:
    """Each zone's subnets, by its place in `zones` alone: a zone added at the end moves nobody.

    A zone has a quarter of the VPC; half of that is private, a quarter public, a quarter isolated.
    `vpc` has a prefix of `VPC_PREFIXES`, and there are `ZONE_SLOTS` zones at most.
    """
    slots = vpc.subnets(prefixlen_diff=2)
    return tuple(_zone(zone, slot) for zone, slot in zip(zones, slots, strict=False))


def _zone(zone: str, slot: IPv4Network) -> ZoneSubnets:
    private, rest = slot.subnets(prefixlen_diff=1)
    public, isolated = rest.subnets(prefixlen_diff=1)
    return ZoneSubnets(zone=zone, public=public, private=private, isolated=isolated)
