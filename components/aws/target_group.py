"""The nodes of one colour, as the load balancer knows them."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import lb

from settings.aws.load_balancer import LoadBalancer


@dataclass(frozen=True, kw_only=True)
class TargetGroupArgs:
    """`port`, `health_port` and `health_path` are those of the nodes; `balancer` has the rest."""

    vpc_id: pulumi.Input[str]
    port: int
    health_port: int
    health_path: str
    balancer: LoadBalancer


class TargetGroup(pulumi.ComponentResource):
    """A target group that keeps each visitor on one node, by a cookie of the load balancer's.

    Its name is never fixed: one in use cannot be deleted, so a new one has to come first.
    """

    arn: pulumi.Output[str]
    arn_suffix: pulumi.Output[str]
    """What metrics and scaling call it."""
    name: pulumi.Output[str]

    def __init__(
        self, name: str, args: TargetGroupArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:TargetGroup", name, None, opts)
        balancer = args.balancer
        group = lb.TargetGroup(
            name,
            vpc_id=args.vpc_id,
            target_type="instance",
            protocol="HTTP",
            port=args.port,
            # New nodes get a growing share: `slow_start` works with this algorithm alone.
            load_balancing_algorithm_type="round_robin",
            slow_start=balancer.slow_start_s,
            deregistration_delay=balancer.deregistration_delay_s,
            stickiness=lb.TargetGroupStickinessArgs(
                # Not `app_cookie`: the ERP sets one session cookie for each of its applications.
                type="lb_cookie",
                enabled=True,
                cookie_duration=balancer.stickiness_s,
            ),
            health_check=lb.TargetGroupHealthCheckArgs(
                enabled=True,
                protocol="HTTP",
                # Its own threads answer it, whatever waits for those of the visitors.
                port=str(args.health_port),
                path=args.health_path,
                matcher="200",
                interval=balancer.health_interval_s,
                timeout=balancer.health_timeout_s,
                healthy_threshold=balancer.healthy_threshold,
                unhealthy_threshold=balancer.unhealthy_threshold,
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.arn = group.arn
        self.arn_suffix = group.arn_suffix
        self.name = group.name
        self.register_outputs({"arn": self.arn})
