"""The subnets of the cluster's own VPC, and where their packets may go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi
from pulumi_aws import ec2

from components.aws.surroundings import AwsSurroundings
from settings.aws.subnets import ZoneSubnets

ANYWHERE = "0.0.0.0/0"


@dataclass(frozen=True, kw_only=True)
class SubnetsArgs:
    """`plan` is `settings.aws.subnets.subnet_plan`: one entry a zone.

    `internet_gateway_id` is where the public subnets lead.
    """

    surroundings: AwsSurroundings
    vpc_id: pulumi.Input[str]
    internet_gateway_id: pulumi.Input[str]
    plan: Sequence[ZoneSubnets]


class Subnets(pulumi.ComponentResource):
    """A public, a private and an isolated subnet in each zone, in the plan's order.

    Public ones lead to the internet and give nobody a public address by themselves. Private ones
    have a route table a zone, to which NAT adds a way out. Isolated ones share a route table that
    leads nowhere. Resources are named by their zone: another zone at the end touches none of them.
    """

    public_ids: tuple[pulumi.Output[str], ...]
    """Known once they lead to the internet: a load balancer is refused before that."""
    private_ids: tuple[pulumi.Output[str], ...]
    isolated_ids: tuple[pulumi.Output[str], ...]
    private_route_table_ids: Mapping[str, pulumi.Output[str]]
    """By zone."""
    internet_route: "ec2.Route"
    """What sends public packets out: a NAT gateway is of use only after it."""

    def __init__(
        self, name: str, args: SubnetsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:Subnets", name, None, opts)
        self._args = args
        self._children = pulumi.ResourceOptions(parent=self)
        plan = args.plan
        public = [self._subnet("public", zone.zone, zone.public) for zone in plan]
        private = [self._subnet("private", zone.zone, zone.private) for zone in plan]
        isolated = [self._subnet("isolated", zone.zone, zone.isolated) for zone in plan]
        self.internet_route = self._lead_out(public)
        self.private_route_table_ids = {
            zone.zone: self._own_table(zone.zone, subnet)
            for zone, subnet in zip(plan, private, strict=True)
        }
        self._shared_table("isolated", isolated)
        self.public_ids = tuple(_after(self.internet_route, subnet) for subnet in public)
        self.private_ids = tuple(subnet.id for subnet in private)
        self.isolated_ids = tuple(subnet.id for subnet in isolated)
        self.register_outputs(
            {
                "publicIds": list(self.public_ids),
                "privateIds": list(self.private_ids),
                "isolatedIds": list(self.isolated_ids),
            }
        )

    def _subnet(self, kind: str, zone: str, block: IPv4Network) -> "ec2.Subnet":
        name = self._args.surroundings.named(f"{kind}-{zone}")
        return ec2.Subnet(
            name,
            vpc_id=self._args.vpc_id,
            availability_zone=zone,
            cidr_block=str(block),
            map_public_ip_on_launch=False,
            tags={"Name": name},
            opts=self._children,
        )

    def _lead_out(self, public: "Sequence[ec2.Subnet]") -> "ec2.Route":
        table = self._shared_table("public", public)
        return ec2.Route(
            self._args.surroundings.named("public-internet"),
            route_table_id=table.id,
            destination_cidr_block=ANYWHERE,
            gateway_id=self._args.internet_gateway_id,
            opts=self._children,
        )

    def _shared_table(self, kind: str, subnets: "Sequence[ec2.Subnet]") -> "ec2.RouteTable":
        table = self._route_table(kind)
        for zone, subnet in zip(self._args.plan, subnets, strict=True):
            self._associate(f"{kind}-{zone.zone}", subnet, table)
        return table

    def _own_table(self, zone: str, subnet: "ec2.Subnet") -> pulumi.Output[str]:
        table = self._route_table(f"private-{zone}")
        self._associate(f"private-{zone}", subnet, table)
        return table.id

    def _route_table(self, part: str) -> "ec2.RouteTable":
        name = self._args.surroundings.named(part)
        return ec2.RouteTable(
            name, vpc_id=self._args.vpc_id, tags={"Name": name}, opts=self._children
        )

    def _associate(self, part: str, subnet: "ec2.Subnet", table: "ec2.RouteTable") -> None:
        ec2.RouteTableAssociation(
            self._args.surroundings.named(part),
            subnet_id=subnet.id,
            route_table_id=table.id,
            opts=self._children,
        )


def _after(route: "ec2.Route", subnet: "ec2.Subnet") -> pulumi.Output[str]:
    return pulumi.Output.all(subnet.id, route.id).apply(lambda ids: str(ids[0]))
