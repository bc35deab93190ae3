"""A group of like servers, kept at its size."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_aws import autoscaling  # loaded at its first use: annotations of it are texts

from components.aws.launch_template import LaunchTemplate
from components.aws.rollout import GroupRollout, RolloutArgs
from components.aws.servers_in_service import ServersInService, ServersInServiceArgs
from components.aws.surroundings import AwsSurroundings
from templates.userdata.node import LAUNCH_HOOK, TERMINATE_HOOK

METRICS: Final = (
    "GroupMinSize",
    "GroupMaxSize",
    "GroupDesiredCapacity",
    "GroupInServiceInstances",
    "GroupPendingInstances",
    "GroupStandbyInstances",
    "GroupTerminatingInstances",
    "GroupTotalInstances",
)

FIRST_SIGN_S: Final = 600
"""A new server that has not asked for more time by then did not even boot."""

DRAIN_SIGN_S: Final = 120
"""A server on its way out that has been silent for so long is dead: nothing is waited for."""

_CAPACITY_MARGIN_S: Final = 300
"""After the last moment at which a node may get ready: the launch itself, and AWS's own delays."""


@dataclass(frozen=True, kw_only=True)
class GroupSize:
    """How many servers; `desired` counts at the group's creation only."""

    min: int
    max: int
    desired: int


@dataclass(frozen=True, kw_only=True)
class GroupTimes:
    """In seconds: what a server of the group may take, and no longer."""

    grace_s: int
    """Health counts from so long after a server came into service."""
    ready_within_s: int
    """From boot until its node answers."""
    back_within_s: int
    """Until a node that went away serves again."""
    let_go_within_s: int
    """From the end's announcement until the load balancer has let go."""
    drain_within_s: int
    """From then on until its node has stopped."""
    warmup_s: int
    """Until its load counts for scaling."""


@dataclass(frozen=True, kw_only=True)
class ServerGroupArgs:
    """`group_name` is known before the group is, because its servers and their role name it.

    `min_healthy_percent` and `max_healthy_percent` hold for every replacement: a release, a failed
    server, a zone that failed. `rollback_alarm_names` are alarms that call a release off.
    `after` is what the nodes need to start: the group is made after it and goes before it.
    """

    surroundings: AwsSurroundings
    group_name: str
    launch_template: LaunchTemplate
    subnet_ids: Sequence[pulumi.Input[str]]
    target_group_arn: pulumi.Input[str]
    size: GroupSize
    times: GroupTimes
    min_healthy_percent: int
    max_healthy_percent: int
    rollback_alarm_names: Sequence[pulumi.Input[str]]
    after: tuple[pulumi.Resource, ...]


class ServerGroup(pulumi.ComponentResource):
    """As many servers as the group's size says, each in service once its node answers.

    A new version of the launch template replaces the servers one after another, which the update
    waits for; when that fails, the old ones come back and the update fails. Sessions end with their
    server, which gets its time to drain first.
    """

    group_name: pulumi.Output[str]

    def __init__(
        self, name: str, args: ServerGroupArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:ServerGroup", name, None, opts)
        rollout = GroupRollout(
            f"{name}-rollout",
            _rollout(args),
            pulumi.ResourceOptions(parent=self, depends_on=list(args.after)),
        )
        group = autoscaling.Group(
            name,
            name=args.group_name,
            min_size=args.size.min,
            max_size=args.size.max,
            desired_capacity=args.size.desired,
            vpc_zone_identifiers=list(args.subnet_ids),
            launch_template=autoscaling.GroupLaunchTemplateArgs(
                id=args.launch_template.id, version=rollout.version
            ),
            target_group_arns=[args.target_group_arn],
            # Not the load balancer's word, which is final after 30 s: the server itself reports a
            # node that stays away, and EC2 a machine that does.
            health_check_type="EC2",
            health_check_grace_period=args.times.grace_s,
            default_instance_warmup=args.times.warmup_s,
            initial_lifecycle_hooks=[_launch_hook()],
            instance_maintenance_policy=autoscaling.GroupInstanceMaintenancePolicyArgs(
                min_healthy_percentage=args.min_healthy_percent,
                max_healthy_percentage=args.max_healthy_percent,
            ),
            termination_policies=["OldestLaunchTemplate", "OldestInstance"],
            # It would end sessions for nothing but evenness.
            suspended_processes=["AZRebalance"],
            enabled_metrics=[autoscaling.Metric(metric) for metric in METRICS],
            tags=_tags({**args.surroundings.tags, "Name": name}),
            # `ServersInService` waits.
            wait_for_capacity_timeout="0",
            force_delete=not args.surroundings.protect,
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=list(args.after),
                # The size is scaling's from now on; another first hook would replace the group.
                ignore_changes=["desiredCapacity", "initialLifecycleHooks"],
                custom_timeouts=_timeouts(args.times),
            ),
        )
        autoscaling.LifecycleHook(
            f"{name}-terminate",
            name=TERMINATE_HOOK,
            autoscaling_group_name=group.name,
            lifecycle_transition="autoscaling:EC2_INSTANCE_TERMINATING",
            heartbeat_timeout=DRAIN_SIGN_S,
            default_result="CONTINUE",
            # It goes with its group; deleted before it, the group's last servers would not drain.
            opts=pulumi.ResourceOptions(parent=self, retain_on_delete=True),
        )
        # The launch hook holds a server back until its node answers, so in service is ready; the
        # load balancer's own word would come late, or never for a group without visitors.
        ServersInService(
            f"{name}-in-service",
            ServersInServiceArgs(
                surroundings=args.surroundings,
                group_name=group.name,
                min=args.size.min,
                at_first=args.size.desired,
                limit_s=args.times.ready_within_s + _CAPACITY_MARGIN_S,
            ),
            pulumi.ResourceOptions(parent=self, depends_on=[group]),
        )
        self.group_name = group.name
        self.register_outputs({"groupName": self.group_name})


def _launch_hook() -> "autoscaling.GroupInitialLifecycleHookArgs":
    """Of the group itself: a hook of its own would come too late for the first servers."""
    return autoscaling.GroupInitialLifecycleHookArgs(
        name=LAUNCH_HOOK,
        lifecycle_transition="autoscaling:EC2_INSTANCE_LAUNCHING",
        heartbeat_timeout=FIRST_SIGN_S,
        default_result="ABANDON",
    )


def _rollout(args: ServerGroupArgs) -> RolloutArgs:
    """Percentages are said here too: left out, AWS ends a server before another one is there."""
    times = args.times
    each_s = times.ready_within_s + times.warmup_s + times.drain_within_s + _CAPACITY_MARGIN_S
    return RolloutArgs(
        surroundings=args.surroundings,
        group_name=args.group_name,
        template_id=args.launch_template.id,
        version=args.launch_template.version,
        min_healthy_percent=args.min_healthy_percent,
        max_healthy_percent=args.max_healthy_percent,
        alarms=args.rollback_alarm_names,
        each_s=each_s,
    )


def _tags(tags: dict[str, str]) -> "list[autoscaling.GroupTagArgs]":
    return [
        autoscaling.GroupTagArgs(key=key, value=value, propagate_at_launch=True)
        for key, value in tags.items()
    ]


def _timeouts(times: GroupTimes) -> pulumi.CustomTimeouts:
    """The provider's own ten minutes are less than a server may take to drain."""
    delete_s = times.drain_within_s + _CAPACITY_MARGIN_S
    return pulumi.CustomTimeouts(delete=f"{delete_s}s")
