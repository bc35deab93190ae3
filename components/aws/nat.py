"""The servers' way out to the internet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pulumi
from pulumi_aws import ec2

from components.aws.subnets import ANYWHERE
from components.aws.surroundings import AwsSurroundings


@dataclass(frozen=True, kw_only=True)
class NatArgs:
    """`public_subnet_ids` are in the order of `zones`, route tables by zone.

    `gateways` is `one`, which stands in the first zone, or `per-zone`. `internet_route` sends the
    public subnets' packets out.
    """

    surroundings: AwsSurroundings
    gateways: Literal["one", "per-zone"]
    zones: Sequence[str]
    public_subnet_ids: Sequence[pulumi.Input[str]]
    private_route_table_ids: Mapping[str, pulumi.Input[str]]
    internet_route: pulumi.Resource


class Nat(pulumi.ComponentResource):
    """One gateway or one a zone, each with an address of its own that outlives it.

    A gateway is named by its zone, so that going from one to one a zone leaves the first one, and
    with it the address that partners may have in their allow-lists.
    """

    public_ips: tuple[pulumi.Output[str], ...]
    """What partners see of the servers' requests."""

    def __init__(
        self, name: str, args: NatArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:Nat", name, None, opts)
        self._args = args
        first = args.zones[0]
        zones = args.zones if args.gateways == "per-zone" else (first,)
        subnets = dict(zip(args.zones, args.public_subnet_ids, strict=True))
        addresses = {zone: self._address(zone) for zone in zones}
        gateways = {zone: self._gateway(zone, subnets[zone], addresses[zone]) for zone in zones}
        for zone, table_id in args.private_route_table_ids.items():
            self._route(zone, table_id, gateways.get(zone, gateways[first]))
        self.public_ips = tuple(address.public_ip for address in addresses.values())
        self.register_outputs({"publicIps": list(self.public_ips)})

    def _address(self, zone: str) -> "ec2.Eip":
        surroundings = self._args.surroundings
        name = surroundings.named(f"nat-{zone}")
        return ec2.Eip(
            name,
            domain="vpc",
            tags={"Name": name},
            opts=pulumi.ResourceOptions(parent=self, protect=surroundings.protect),
        )

    def _gateway(
        self, zone: str, subnet_id: pulumi.Input[str], address: "ec2.Eip"
    ) -> "ec2.NatGateway":
        name = self._args.surroundings.named(f"nat-{zone}")
        return ec2.NatGateway(
            name,
            subnet_id=subnet_id,
            allocation_id=address.id,
            connectivity_type="public",
            tags={"Name": name},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[self._args.internet_route]),
        )

    def _route(self, zone: str, table_id: pulumi.Input[str], gateway: "ec2.NatGateway") -> None:
        ec2.Route(
            self._args.surroundings.named(f"private-{zone}-nat"),
            route_table_id=table_id,
            destination_cidr_block=ANYWHERE,
            nat_gateway_id=gateway.id,
            opts=pulumi.ResourceOptions(parent=self),
        )
