"""Rules of zones, addresses and ways out."""

from collections import Counter
from ipaddress import IPv4Network

from contract.faults import Fault, Location
from settings import maintenance
from settings.aws.catalogue import REGIONS
from settings.aws.names import network_of
from settings.aws.rules.rule import Rule
from settings.aws.settings import AwsSettings
from settings.aws.subnets import VPC_PREFIXES

PRIVATE_BLOCKS = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
"""RFC 1918."""

CONTAINER_BRIDGE = IPv4Network("172.17.0.0/16")
"""Docker's own network on every server."""

RDS_BUNDLE = "https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem"
RDS_BUNDLES = {
    "us-gov-": "https://truststore.pki.us-gov-west-1.rds.amazonaws.com/global/global-bundle.pem",
    "cn-": "https://rds-truststore.s3.cn-north-1.amazonaws.com.cn/global/global-bundle.pem",
}
"""Roots of databases, by a region's first part (AmazonRDS/latest/UserGuide/UsingWithRDS.SSL)."""

_ZONES: Location = ("network", "zones")
_REGION: Location = ("aws", "region")


def databases_of_the_region_can_be_trusted(settings: AwsSettings) -> list[Fault]:
    """`aws.region` is one whose RDS authorities the node's image has."""
    region = settings.aws.region
    if region in REGIONS:
        return []
    return [
        Fault(
            place=_REGION,
            problem=f"nodes could not check the certificate of a database in {region}: their image "
            "has no RDS authority of that region",
            hint=f"If it is spelt right: append the roots of {_rds_bundle(region)} to "
            "image/node/authorities/global-bundle.pem (the README there says how), and put its "
            "name into REGIONS of settings/aws/catalogue.py.",
        )
    ]


def _rds_bundle(region: str) -> str:
    """Each part of AWS has authorities of its own; a bundle knows no other part's regions."""
    return next(
        (bundle for part, bundle in RDS_BUNDLES.items() if region.startswith(part)), RDS_BUNDLE
    )


def zones_are_of_the_region(settings: AwsSettings) -> list[Fault]:
    """Every name in `network.zones` is `aws.region` and a letter."""
    region = settings.aws.region
    return [
        Fault(
            place=(*_ZONES, index),
            others=(_REGION,),
            problem=f'"{zone}" is no zone of {region}',
            hint=f"Zones of it are called {region}a, {region}b and so on.",
        )
        for index, zone in enumerate(settings.network.zones)
        if zone[:-1] != region
    ]


def zones_differ(settings: AwsSettings) -> list[Fault]:
    """No zone is named twice."""
    twice = [zone for zone, count in Counter(settings.network.zones).items() if count > 1]
    return [
        Fault(place=_ZONES, problem=f'"{zone}" is named twice', hint="Name each zone once.")
        for zone in twice
    ]


def two_zones_at_least(settings: AwsSettings) -> list[Fault]:
    """There are two zones: a load balancer and RDS refuse one."""
    if len(settings.network.zones) >= 2:
        return []
    database, messaging = settings.database, settings.messaging
    in_need = ["the load balancer", "the database's subnet group"]
    others: list[Location] = []
    if database.multi_az:
        in_need.append("the database's standby (multiAz true)")
        others.append(("database", "multiAz"))
    if messaging.deployment == "active-standby":
        in_need.append("the broker's standby (deployment active-standby)")
        others.append(("messaging", "deployment"))
    return [
        Fault(
            place=_ZONES,
            others=tuple(others),
            problem=f"names 1 zone, and two are needed by {', '.join(in_need[:-1])} and "
            f"{in_need[-1]}",
            hint="Name a second zone; it costs nothing by itself.",
        )
    ]


def addresses_fit(settings: AwsSettings) -> list[Fault]:
    """`network.cidr` is a private block from /16 to /23: room for three subnets in each zone."""
    if settings.network.existing is not None:
        return []
    text = settings.network.cidr
    block = network_of(text)
    if block is None:
        return []
    problem, hint = None, None
    if block.prefixlen < min(VPC_PREFIXES):
        problem = f"{text} is larger than a VPC may be"
        hint = f"Take {block.network_address}/16."
    elif block.prefixlen > max(VPC_PREFIXES):
        problem = (
            f"the subnets do not fit into {text}: {block.num_addresses} addresses; a zone's public "
            f"subnet is a sixteenth, and {block.num_addresses // 16} are fewer than the 32 that a "
            "load balancer needs"
        )
        hint = "A /23 is the smallest block, a /16 the usual one."
    elif not any(block.subnet_of(private) for private in PRIVATE_BLOCKS):
        problem = f"{text} is not a private block; replies to the real owner would get lost"
        hint = "Take a part of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16."
    elif block.overlaps(CONTAINER_BRIDGE):
        problem = f"{text} overlaps {CONTAINER_BRIDGE}, the container engine's own network"
        hint = "Servers could not reach what lies there; take another block."
    if problem is None:
        return []
    return [Fault(place=("network", "cidr"), problem=problem, hint=hint)]


def blocks_begin_at_their_first_address(settings: AwsSettings) -> list[Fault]:
    """Every block of addresses exists, and is written by its first address."""
    balancer = settings.balancer
    written: list[tuple[Location, str]] = [(("network", "cidr"), settings.network.cidr)]
    for key, blocks in (
        ("allowedCidrs", balancer.allowed_cidrs),
        ("backOfficeCidrs", balancer.back_office_cidrs),
    ):
        written += [(("balancer", key, index), text) for index, text in enumerate(blocks)]
    return [_no_block(place, text) for place, text in written if network_of(text) is None]


def servers_reach_aws(settings: AwsSettings) -> list[Fault]:
    """Without NAT, `network.interfaceEndpoints` is true: nodes need AWS's services to start."""
    network = settings.network
    if network.existing is not None or network.nat != "none" or network.interface_endpoints:
        return []
    return [
        Fault(
            place=("network", "nat"),
            others=(("network", "interfaceEndpoints"),),
            problem="there is no way to the image registry, Secrets Manager and the logs: nat is "
            "none and interfaceEndpoints is false",
            hint="Set network.interfaceEndpoints to true, or network.nat to one. Mail and payment "
            "need NAT.",
        )
    ]


def existing_subnets_match_the_zones(settings: AwsSettings) -> list[Fault]:
    """Of an existing VPC, each kind of subnet is named once for each zone."""
    existing = settings.network.existing
    if existing is None:
        return []
    zones = len(settings.network.zones)
    lists = {
        "publicSubnetIds": existing.public_subnet_ids,
        "privateSubnetIds": existing.private_subnet_ids,
        "isolatedSubnetIds": existing.isolated_subnet_ids,
    }
    faults = [
        Fault(
            place=("network", "existing", key),
            others=(_ZONES,),
            problem=f"names {len(ids)} subnets, and there are {zones} zones",
            hint="Name one a zone, in the order of network.zones.",
        )
        for key, ids in lists.items()
        if len(ids) != zones
    ]
    times = Counter(subnet for ids in lists.values() for subnet in ids)
    return faults + [
        Fault(
            place=("network", "existing"),
            problem=f"{subnet} is named {count} times",
            hint="Public, private and isolated subnets differ, and so do those of two zones.",
        )
        for subnet, count in times.items()
        if count > 1
    ]


def back_office_is_within_reach(settings: AwsSettings) -> list[Fault]:
    """Each of `balancer.backOfficeCidrs` lies in one of `balancer.allowedCidrs`."""
    balancer = settings.balancer
    allowed = [block for text in balancer.allowed_cidrs if (block := network_of(text))]
    return [
        Fault(
            place=("balancer", "backOfficeCidrs", index),
            others=(("balancer", "allowedCidrs"),),
            problem=f"{text} may not reach the cluster at all: it is in none of allowedCidrs",
            hint="Add it there too.",
        )
        for index, text in enumerate(balancer.back_office_cidrs)
        if (block := network_of(text)) and not any(block.subnet_of(one) for one in allowed)
    ]


def _no_block(place: Location, text: str) -> Fault:
    try:
        meant = IPv4Network(text, strict=False)
    except ValueError:
        return Fault(place=place, problem=f"{text} is no block of IPv4 addresses")
    return Fault(
        place=place,
        problem=f"{text} is an address within the block {meant}",
        hint=f"Write {meant}.",
    )


def maintenance_is_a_page(settings: AwsSettings) -> list[Fault]:
    """The page of `balancer.maintenance` has 1024 bytes at most, and its addresses exist."""
    return maintenance.unusable(settings.balancer.maintenance)


RULES: tuple[Rule, ...] = (
    maintenance_is_a_page,
    databases_of_the_region_can_be_trusted,
    zones_are_of_the_region,
    zones_differ,
    two_zones_at_least,
    blocks_begin_at_their_first_address,
    addresses_fit,
    servers_reach_aws,
    existing_subnets_match_the_zones,
    back_office_is_within_reach,
)
