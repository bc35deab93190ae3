"""How a group of servers follows its load."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import autoscaling

from settings.aws.servers import Servers


@dataclass(frozen=True, kw_only=True)
class ServerScalingArgs:
    """`servers` has the targets.

    `load_balancer_arn_suffix` and `target_group_arn_suffix` name the figure of requests. `after`
    is what attaches the target group to the load balancer: before, AWS refuses that figure.
    """

    group_name: pulumi.Input[str]
    servers: Servers
    load_balancer_arn_suffix: pulumi.Input[str]
    target_group_arn_suffix: pulumi.Input[str]
    after: tuple[pulumi.Resource, ...]


class ServerScaling(pulumi.ComponentResource):
    """One policy for each target that the stack sets; servers come when any policy wants one, and
    go when all agree, or never.

    AWS makes the alarms behind it: they are not to be edited.
    """

    policy_names: Sequence[pulumi.Output[str]]

    def __init__(
        self, name: str, args: ServerScalingArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:ServerScaling", name, None, opts)
        servers = args.servers
        targets: dict[str, autoscaling.PolicyTargetTrackingConfigurationArgs] = {}
        if servers.cpu_target_percent is not None:
            targets["cpu"] = _tracking(servers, servers.cpu_target_percent, _cpu())
        if servers.requests_per_minute_target is not None:
            targets["requests"] = _tracking(
                servers, servers.requests_per_minute_target, _requests_of(args)
            )
        self.policy_names = [
            autoscaling.Policy(
                f"{name}-{measure}",
                autoscaling_group_name=args.group_name,
                policy_type="TargetTrackingScaling",
                target_tracking_configuration=target,
                opts=pulumi.ResourceOptions(parent=self, depends_on=list(args.after)),
            ).name
            for measure, target in targets.items()
        ]
        self.register_outputs({"policyNames": self.policy_names})


def _tracking(
    servers: Servers,
    target: int,
    metric: "autoscaling.PolicyTargetTrackingConfigurationPredefinedMetricSpecificationArgs",
) -> "autoscaling.PolicyTargetTrackingConfigurationArgs":
    return autoscaling.PolicyTargetTrackingConfigurationArgs(
        target_value=target,
        disable_scale_in=not servers.scale_in,
        predefined_metric_specification=metric,
    )


def _cpu() -> "autoscaling.PolicyTargetTrackingConfigurationPredefinedMetricSpecificationArgs":
    return autoscaling.PolicyTargetTrackingConfigurationPredefinedMetricSpecificationArgs(
        predefined_metric_type="ASGAverageCPUUtilization"
    )


def _requests_of(
    args: ServerScalingArgs,
) -> "autoscaling.PolicyTargetTrackingConfigurationPredefinedMetricSpecificationArgs":
    """Requests of one node in one minute."""
    return autoscaling.PolicyTargetTrackingConfigurationPredefinedMetricSpecificationArgs(
        predefined_metric_type="ALBRequestCountPerTarget",
        resource_label=pulumi.Output.concat(
            args.load_balancer_arn_suffix, "/", args.target_group_arn_suffix
        ),
    )
