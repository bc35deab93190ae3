"""Where the nodes find the one search server, whichever that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_aws import ec2, lb

from components.aws.security_rules import Passage, allow
from components.aws.surroundings import AwsSurroundings

_DEREGISTRATION_S: Final = 30
"""A question to Solr takes seconds."""


@dataclass(frozen=True, kw_only=True)
class SearchBalancerArgs:
    """`subnet_ids` are private ones; `server_security_group_id` is that of the search server.

    `port` is the same on both sides.
    """

    surroundings: AwsSurroundings
    vpc_id: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    server_security_group_id: pulumi.Input[str]
    port: int


class SearchBalancer(pulumi.ComponentResource):
    """An internal load balancer with one name for the search server, in every zone.

    It lets nobody in until the platform adds a rule.
    """

    host: pulumi.Output[str]
    security_group_id: pulumi.Output[str]
    """Of the balancer: who searches must be let into it."""
    target_group_arn: pulumi.Output[str]
    arn_suffix: pulumi.Output[str]
    target_group_arn_suffix: pulumi.Output[str]
    """What metrics call them."""
    listener: pulumi.Resource
    """With it the target group is in use; before, no server of it ever gets healthy."""

    def __init__(
        self, name: str, args: SearchBalancerArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:SearchBalancer", name, None, opts)
        children = pulumi.ResourceOptions(parent=self)
        security_group = ec2.SecurityGroup(
            f"{name}-balancer",
            vpc_id=args.vpc_id,
            # Another description would be another group.
            description="Load balancer of the search server",
            opts=children,
        )
        allow(
            f"{name}-balancer-to-server",
            Passage(
                source_group_id=security_group.id,
                target_group_id=args.server_security_group_id,
                port=args.port,
                reason="Search, and its health check",
            ),
            children,
        )
        balancer = lb.LoadBalancer(
            name,
            load_balancer_type="network",
            internal=True,
            subnets=list(args.subnet_ids),
            # From the beginning: a first one added later would replace the load balancer.
            security_groups=[security_group.id],
            # There is one server, in one zone: from the others it is reached by this alone.
            enable_cross_zone_load_balancing=True,
            enable_deletion_protection=args.surroundings.protect,
            opts=pulumi.ResourceOptions(parent=self, protect=args.surroundings.protect),
        )
        target_group = _target_group(name, args, children)
        self.listener = lb.Listener(
            name,
            load_balancer_arn=balancer.arn,
            protocol="TCP",
            port=args.port,
            default_actions=[
                lb.ListenerDefaultActionArgs(type="forward", target_group_arn=target_group.arn)
            ],
            opts=children,
        )
        self.host = balancer.dns_name
        self.security_group_id = security_group.id
        self.target_group_arn = target_group.arn
        self.arn_suffix = balancer.arn_suffix
        self.target_group_arn_suffix = target_group.arn_suffix
        self.register_outputs({"host": self.host})


def _target_group(
    name: str, args: SearchBalancerArgs, opts: pulumi.ResourceOptions
) -> "lb.TargetGroup":
    return lb.TargetGroup(
        name,
        vpc_id=args.vpc_id,
        target_type="instance",
        protocol="TCP",
        port=args.port,
        # With the client's own address a server could not ask the balancer for itself.
        preserve_client_ip="false",
        deregistration_delay=_DEREGISTRATION_S,
        health_check=lb.TargetGroupHealthCheckArgs(enabled=True, protocol="TCP"),
        opts=opts,
    )
