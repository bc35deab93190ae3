"""What the internet can reach: the load balancer at 80 and 443, and nothing else."""

from collections.abc import Iterator, Sequence
from typing import Any

from policies import aws_types
from policies.places import at, expect, is_not_true, is_true, shown, value_at
from policies.rule import Fault, Inputs, Resource, Rule, StackRule, only

_EVERYBODY = ("0.0.0.0/0", "::/0")
_PORTS = (80, 443)
_INSIDE = "It must be false: only the load balancer is public."


@only(aws_types.DATABASE)
def _database(inputs: Inputs) -> list[Fault]:
    return expect(inputs, "publiclyAccessible", is_not_true, _INSIDE)


@only(aws_types.BROKER)
def _broker(inputs: Inputs) -> list[Fault]:
    return expect(inputs, "publiclyAccessible", is_not_true, _INSIDE)


@only(aws_types.LAUNCH_TEMPLATE)
def _servers(inputs: Inputs) -> list[Fault]:
    path = "networkInterfaces[].associatePublicIpAddress"
    return expect(inputs, path, is_not_true, _INSIDE)


@only(aws_types.SUBNET)
def _subnets(inputs: Inputs) -> list[Fault]:
    return expect(inputs, "mapPublicIpOnLaunch", is_not_true, _INSIDE)


def _open_ports(type_: str, inputs: Inputs) -> list[Fault]:
    """A rule of its own, or one within its group."""
    openings: list[tuple[str, Any]] = []
    if type_ == aws_types.INGRESS_RULE:
        openings = [("", inputs)]
    elif type_ in (aws_types.SECURITY_GROUP, aws_types.DEFAULT_SECURITY_GROUP):
        openings = [(f"{place}.", rule) for place, rule in at(inputs, "ingress[]")]
    return [
        Fault(
            place=f"{place}{opened}",
            seen=f"{cidr} at {_ports(rule)}",
            change="Only 80 and 443 may be open to everybody: name the group that may come in, or "
            "addresses in scipio:balancer.allowedCidrs.",
        )
        for place, rule in openings
        for opened, cidr in _for_everybody(rule)
        if not _is_one_of_the_two(rule)
    ]


def _for_everybody(rule: Inputs) -> Iterator[tuple[str, Any]]:
    for path in ("cidrIpv4", "cidrIpv6", "cidrBlocks[]", "ipv6CidrBlocks[]"):
        yield from ((place, cidr) for place, cidr in at(rule, path) if cidr in _EVERYBODY)


def _is_one_of_the_two(rule: Inputs) -> bool:
    """Or may be, while a port is not known."""
    ports = [port for key in ("fromPort", "toPort") for _, port in at(rule, key)]
    return all(port in _PORTS for port in ports) and len(set(ports)) < 2


def _ports(rule: Inputs) -> str:
    first, last = value_at(rule, "fromPort"), value_at(rule, "toPort")
    if first is None:
        return "every port"
    return f"port {first}" if first == last else f"ports {first} to {last}"


def _only_the_balancer(resources: Sequence[Resource]) -> list[Fault]:
    """Checked as soon as ids are known: a preview of a new stack does not know them."""
    groups = {
        group
        for each in resources
        if each.type == aws_types.LOAD_BALANCER and not is_true(value_at(each.inputs, "internal"))
        for _, group in at(each.inputs, "securityGroups[]")
    }
    if not groups:
        return []
    return [
        Fault(
            place=f"{each.name}: securityGroupId",
            seen=f"{shown(group)}, which is open to everybody",
            change="Only the group of the public load balancer may be.",
        )
        for each in resources
        if each.type == aws_types.INGRESS_RULE and any(_for_everybody(each.inputs))
        for _, group in at(each.inputs, "securityGroupId")
        if group is not None and group not in groups
    ]


@only(aws_types.LOAD_BALANCER)
def _inner_balancers(inputs: Inputs) -> list[Fault]:
    if value_at(inputs, "loadBalancerType") != "network":
        return []
    return expect(
        inputs, "internal", is_true, "It must be true: only the application balancer is public."
    )


@only(aws_types.ACCESS_BLOCK)
def _buckets(inputs: Inputs) -> list[Fault]:
    return [
        fault
        for argument in (
            "blockPublicAcls",
            "blockPublicPolicy",
            "ignorePublicAcls",
            "restrictPublicBuckets",
        )
        for fault in expect(
            inputs, argument, is_true, "It must be true: no bucket of a stack is public."
        )
    ]


def _all_buckets(resources: Sequence[Resource]) -> list[Fault]:
    buckets = sum(each.type == aws_types.BUCKET for each in resources)
    closed = sum(each.type == aws_types.ACCESS_BLOCK for each in resources)
    if closed >= buckets:
        return []
    return [
        Fault(
            place="the stack's buckets",
            seen=f"{buckets}, of which {closed} are closed to the public",
            change="Give each a BucketPublicAccessBlock.",
        )
    ]


RULES = (
    Rule(
        name="database-is-not-public",
        promise="The database has no public address.",
        faults=_database,
    ),
    Rule(
        name="broker-is-not-public",
        promise="The message broker has no public address.",
        faults=_broker,
    ),
    Rule(
        name="servers-are-not-public",
        promise="No launch template gives a server a public address.",
        faults=_servers,
    ),
    Rule(
        name="subnets-give-no-public-addresses",
        promise="No subnet gives a public address to what is launched in it.",
        faults=_subnets,
    ),
    Rule(
        name="open-ports-are-80-and-443",
        promise="Nothing but 80 and 443 is open to everybody.",
        faults=_open_ports,
    ),
    Rule(
        name="inner-balancers-are-internal",
        promise="A network load balancer is for the cluster alone.",
        faults=_inner_balancers,
    ),
    Rule(
        name="access-blocks-are-complete",
        promise="What closes a bucket to the public closes all four ways in.",
        faults=_buckets,
    ),
)

STACK_RULES = (
    StackRule(
        name="only-the-balancer-is-open",
        promise="No security group but the public load balancer's is open to everybody.",
        faults=_only_the_balancer,
    ),
    StackRule(
        name="buckets-are-not-public",
        promise="Every bucket is closed to the public.",
        faults=_all_buckets,
    ),
)
