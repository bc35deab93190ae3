"""A VPC that is there already: looked at, and used only when it has what the cluster needs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi
from pulumi_aws import ec2

from settings.aws.network import ExistingNetwork

BALANCER_FREE_ADDRESSES = 8
"""A load balancer needs so many free addresses in each of its subnets
(elasticloadbalancing/latest/application/application-load-balancers, Subnets)."""

BALANCER_PREFIX = 27
"""And each of its subnets is as large as a /27 (same page)."""

OTHER_FREE_ADDRESSES = 4
"""A server and its successor, or the two addresses of a database and a broker, and a mount."""


class ExistingNetworkError(Exception):
    """The VPC of `network.existing` lacks something; the message says all that it lacks."""

    def __init__(self, vpc_id: str, faults: Sequence[str]) -> None:
        lines = [f"network.existing: the cluster cannot run in {vpc_id}:"]
        lines += [f"  {fault}" for fault in faults]
        lines.append("Change the VPC or name other subnets; nothing was made.")
        super().__init__("\n".join(lines))


@dataclass(frozen=True, kw_only=True)
class SeenSubnet:
    """A subnet as AWS describes it; `wanted_zone` is the zone in whose place it is named."""

    key: str
    id: str
    wanted_zone: str
    vpc_id: str
    zone: str
    cidr: str
    free_addresses: int
    hands_out_public_addresses: bool


@dataclass(frozen=True, kw_only=True)
class SeenVpc:
    """A VPC as AWS describes it."""

    id: str
    dns_support: bool
    dns_hostnames: bool


def checked(
    existing: ExistingNetwork, zones: Sequence[str], opts: pulumi.InvokeOptions
) -> pulumi.Output[None]:
    """Known once AWS has been asked and nothing is lacking; else fails with ExistingNetworkError.

    These questions are the only ones that the program asks AWS about a network, and only here.
    """
    vpc = ec2.get_vpc_output(id=existing.vpc_id, opts=opts)
    subnets = [
        (key, zone, ec2.get_subnet_output(id=subnet_id, opts=opts))
        for key, ids in _lists(existing)
        for zone, subnet_id in zip(zones, ids, strict=True)
    ]
    return pulumi.Output.all(vpc, *(subnet for _, _, subnet in subnets)).apply(
        lambda seen: _refuse(
            _vpc(seen[0]),
            [
                _subnet(key, zone, result)
                for (key, zone, _), result in zip(subnets, seen[1:], strict=True)
            ],
        )
    )


def faults(vpc: SeenVpc, subnets: Sequence[SeenSubnet]) -> list[str]:
    """All that the cluster would miss, each as one line that says what to change."""
    return [*_faults_of_vpc(vpc), *(line for each in subnets for line in _faults_of(each, vpc))]


def _refuse(vpc: SeenVpc, subnets: Sequence[SeenSubnet]) -> None:
    if found := faults(vpc, subnets):
        raise ExistingNetworkError(vpc.id, found)


def _faults_of_vpc(vpc: SeenVpc) -> Iterator[str]:
    if not vpc.dns_support:
        yield "its DNS support is off; names of database, broker and files would lead nowhere"
    if not vpc.dns_hostnames:
        yield "its DNS host names are off; the names of mount targets and endpoints need them"


def _faults_of(subnet: SeenSubnet, vpc: SeenVpc) -> Iterator[str]:
    where = f"{subnet.key}: {subnet.id}"
    if subnet.vpc_id != vpc.id:
        yield f"{where} belongs to {subnet.vpc_id}"
    if subnet.zone != subnet.wanted_zone:
        yield f"{where} is in {subnet.zone}, and stands in the place of {subnet.wanted_zone}"
    needed = BALANCER_FREE_ADDRESSES if _is_public(subnet) else OTHER_FREE_ADDRESSES
    if subnet.free_addresses < needed:
        yield f"{where} has {subnet.free_addresses} free addresses, and {needed} are needed"
    if _is_public(subnet) and IPv4Network(subnet.cidr).prefixlen > BALANCER_PREFIX:
        yield f"{where} is {subnet.cidr}; a load balancer takes /{BALANCER_PREFIX} or larger"
    if not _is_public(subnet) and subnet.hands_out_public_addresses:
        yield f"{where} gives its servers public addresses; it must not"


def _is_public(subnet: SeenSubnet) -> bool:
    return subnet.key == "publicSubnetIds"


def _lists(existing: ExistingNetwork) -> tuple[tuple[str, Sequence[str]], ...]:
    return (
        ("publicSubnetIds", existing.public_subnet_ids),
        ("privateSubnetIds", existing.private_subnet_ids),
        ("isolatedSubnetIds", existing.isolated_subnet_ids),
    )


def _vpc(result: "ec2.GetVpcResult") -> SeenVpc:
    return SeenVpc(
        id=result.id,
        dns_support=result.enable_dns_support,
        dns_hostnames=result.enable_dns_hostnames,
    )


def _subnet(key: str, wanted_zone: str, result: "ec2.GetSubnetResult") -> SeenSubnet:
    return SeenSubnet(
        key=key,
        id=result.id,
        wanted_zone=wanted_zone,
        vpc_id=result.vpc_id,
        zone=result.availability_zone,
        cidr=result.cidr_block,
        free_addresses=result.available_ip_address_count,
        hands_out_public_addresses=result.map_public_ip_on_launch,
    )
