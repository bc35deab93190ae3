"""The network of the cluster: a VPC of its own, or one that is there already."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi
from pulumi_aws import ec2

from components.aws import existing_network
from components.aws.endpoints import InterfaceEndpoints, InterfaceEndpointsArgs
from components.aws.flow_logs import FlowLogs, FlowLogsArgs
from components.aws.nat import Nat, NatArgs
from components.aws.s3_endpoint import S3Endpoint, S3EndpointArgs
from components.aws.subnets import Subnets, SubnetsArgs
from components.aws.surroundings import AwsSurroundings
from settings.aws import network as models
from settings.aws.subnets import subnet_plan

SubnetIds = tuple[pulumi.Output[str], ...]


@dataclass(frozen=True, kw_only=True)
class NetworkArgs:
    """`log_retention_days` and `key_arn` are for flow logs; `key_arn` None is Amazon's own key."""

    surroundings: AwsSurroundings
    network: models.Network
    log_retention_days: int
    key_arn: pulumi.Input[str] | None


class Network(pulumi.ComponentResource):
    """A VPC with public, private and isolated subnets, one of each in every zone.

    Its default security group lets nothing through, so that what was given no group of its own
    talks to nobody. Replacing the VPC replaces everything: it is protected with the stack.

    Of an existing VPC nothing is made or changed: it is looked at once in every run, and the ids
    below are known only when it has what the cluster needs.
    """

    vpc_id: pulumi.Output[str]
    zones: tuple[str, ...]
    """The order of every list of subnets below."""
    public_subnet_ids: SubnetIds
    private_subnet_ids: SubnetIds
    isolated_subnet_ids: SubnetIds
    nat_public_ips: tuple[pulumi.Output[str], ...]
    """What partners see of the servers' requests; empty without NAT of the stack's own."""
    endpoints_group_id: pulumi.Output[str] | None
    """Who may use the interface endpoints is let in here at 443; None: there are none."""
    s3_prefix_list_id: pulumi.Output[str] | None
    """S3's addresses behind the gateway endpoint; None with an existing VPC."""
    ways_out: tuple[pulumi.Resource, ...]
    """NAT and endpoints: a server that starts before them finds neither packages nor its image.
    To be waited for; part of no id, so that a change of them does not look like one of subnets."""

    def __init__(
        self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:Network", name, None, opts)
        self._args = args
        self._children = pulumi.ResourceOptions(parent=self)
        self.zones = args.network.zones
        self.nat_public_ips = ()
        self.endpoints_group_id = None
        self.s3_prefix_list_id = None
        self.ways_out = ()
        if args.network.existing is None:
            self._make()
        else:
            self._take(args.network.existing)
        self.register_outputs(
            {
                "vpcId": self.vpc_id,
                "publicSubnetIds": list(self.public_subnet_ids),
                "privateSubnetIds": list(self.private_subnet_ids),
                "isolatedSubnetIds": list(self.isolated_subnet_ids),
            }
        )

    def _take(self, existing: models.ExistingNetwork) -> None:
        checked = existing_network.checked(existing, self.zones, pulumi.InvokeOptions(parent=self))

        def after_the_check(ids: Sequence[str]) -> SubnetIds:
            return tuple(_once(checked, subnet_id) for subnet_id in ids)

        self.vpc_id = _once(checked, existing.vpc_id)
        self.public_subnet_ids = after_the_check(existing.public_subnet_ids)
        self.private_subnet_ids = after_the_check(existing.private_subnet_ids)
        self.isolated_subnet_ids = after_the_check(existing.isolated_subnet_ids)

    def _make(self) -> None:
        vpc = self._vpc()
        subnets = self._subnets(vpc)
        self.vpc_id = vpc.id
        self.public_subnet_ids = subnets.public_ids
        self.private_subnet_ids = subnets.private_ids
        self.isolated_subnet_ids = subnets.isolated_ids
        self._lead_out(subnets)
        self._private_ways(subnets)
        self._flow_logs()

    def _vpc(self) -> "ec2.Vpc":
        surroundings = self._args.surroundings
        name = surroundings.named("vpc")
        vpc = ec2.Vpc(
            name,
            cidr_block=self._args.network.cidr,
            # Endpoints, mount targets and the broker are found by names that resolve within.
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags={"Name": name},
            opts=pulumi.ResourceOptions(parent=self, protect=surroundings.protect),
        )
        ec2.DefaultSecurityGroup(
            surroundings.named("default"),
            vpc_id=vpc.id,
            ingress=[],
            egress=[],
            tags={"Name": surroundings.named("default-closed")},
            opts=self._children,
        )
        return vpc

    def _subnets(self, vpc: "ec2.Vpc") -> Subnets:
        args = self._args
        name = args.surroundings.named("internet")
        gateway = ec2.InternetGateway(name, vpc_id=vpc.id, tags={"Name": name}, opts=self._children)
        return Subnets(
            "subnets",
            SubnetsArgs(
                surroundings=args.surroundings,
                vpc_id=vpc.id,
                internet_gateway_id=gateway.id,
                plan=subnet_plan(IPv4Network(args.network.cidr), args.network.zones),
            ),
            self._children,
        )

    def _lead_out(self, subnets: Subnets) -> None:
        args = self._args
        if args.network.nat == "none":
            return
        nat = Nat(
            "nat",
            NatArgs(
                surroundings=args.surroundings,
                gateways=args.network.nat,
                zones=self.zones,
                public_subnet_ids=subnets.public_ids,
                private_route_table_ids=subnets.private_route_table_ids,
                internet_route=subnets.internet_route,
            ),
            self._children,
        )
        self.nat_public_ips = nat.public_ips
        self.ways_out += (nat,)

    def _private_ways(self, subnets: Subnets) -> None:
        surroundings = self._args.surroundings
        to_s3 = S3Endpoint(
            "s3-endpoint",
            S3EndpointArgs(
                surroundings=surroundings,
                vpc_id=self.vpc_id,
                route_table_ids=list(subnets.private_route_table_ids.values()),
                buckets=self._args.network.s3_buckets,
            ),
            self._children,
        )
        self.s3_prefix_list_id = to_s3.prefix_list_id
        self.ways_out += (to_s3,)
        if self._args.network.interface_endpoints:
            to_services = InterfaceEndpoints(
                "endpoints",
                InterfaceEndpointsArgs(
                    surroundings=surroundings,
                    vpc_id=self.vpc_id,
                    subnet_ids=subnets.private_ids,
                ),
                self._children,
            )
            self.endpoints_group_id = to_services.security_group_id
            self.ways_out += (to_services,)

    def _flow_logs(self) -> None:
        args = self._args
        if not args.network.flow_logs:
            return
        FlowLogs(
            "flow-logs",
            FlowLogsArgs(
                surroundings=args.surroundings,
                vpc_id=self.vpc_id,
                retention_days=args.log_retention_days,
                key_arn=args.key_arn,
            ),
            self._children,
        )


def _once(checked: pulumi.Output[None], value: str) -> pulumi.Output[str]:
    """`value`, known when `checked` is."""
    return checked.apply(lambda _: value)
