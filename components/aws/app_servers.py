"""The servers of the nodes: one group, or two colours during a release."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.aws.launch_template import LaunchTemplate, LaunchTemplateArgs
from components.aws.scaling import ServerScaling, ServerScalingArgs
from components.aws.schedules import ServerSchedules, ServerSchedulesArgs
from components.aws.server_group import GroupSize, GroupTimes, ServerGroup, ServerGroupArgs
from components.aws.server_role import ServerProfiles
from components.aws.server_secrets import Fetched, ServerSecrets
from components.aws.surroundings import AwsSurroundings
from components.aws.target_group import TargetGroup
from settings.aws import groups
from settings.aws.settings import AwsSettings
from settings.aws.sizing import (
    container_memory_mib,
    container_stop_timeout_s,
    grace_period_s,
    let_go_within_s,
    node_back_within_s,
    ready_within_s,
    server_end_s,
)
from settings.release import ColourName
from templates.userdata.node import NodeServer, SharedFileSystem, node_user_data


@dataclass(frozen=True, kw_only=True)
class AppServersArgs:
    """What all servers have in common; what is one group's own is in `settings`.

    `node_image` is what a colour without an image of its own runs. `document` is the cluster
    document as JSON. `port` is the node's, `health_port` that of its
    health checks. `target_groups` has one for each
    group of `settings.aws.groups.server_groups`. `after` is all that a node needs to start and a
    scaling policy to be accepted: database, broker, mount targets, security rules, listener.
    """

    surroundings: AwsSurroundings
    settings: AwsSettings
    subnet_ids: Sequence[pulumi.Input[str]]
    security_group_id: pulumi.Input[str]
    profiles: ServerProfiles
    secrets: ServerSecrets
    machine_image_id: pulumi.Input[str]
    volume_key_arn: pulumi.Input[str] | None
    node_image: pulumi.Input[str]
    document: pulumi.Input[str]
    port: int
    health_port: int
    log_group_name: pulumi.Input[str]
    file_system_id: pulumi.Input[str]
    access_point_id: pulumi.Input[str]
    target_groups: Mapping[ColourName, TargetGroup]
    load_balancer_arn_suffix: pulumi.Input[str]
    rollback_alarm_names: Sequence[pulumi.Input[str]]
    after: tuple[pulumi.Resource, ...]


class AppServers(pulumi.ComponentResource):
    """For each colour a group of servers, each with one node that shares files with all others.

    A new image is a new version of the launch template and replaces the servers of its group; the
    other colour's are not touched.
    """

    group_names: Mapping[ColourName, pulumi.Output[str]]

    def __init__(
        self, name: str, args: AppServersArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:AppServers", name, None, opts)
        self._args = args
        self._children = pulumi.ResourceOptions(parent=self)
        self.group_names = {
            group.colour: self._group(group) for group in groups.server_groups(args.settings)
        }
        self.register_outputs({"groupNames": dict(self.group_names)})

    def _group(self, group: groups.ServerGroup) -> pulumi.Output[str]:
        args = self._args
        servers = args.settings.servers
        name = group_name(args.surroundings, group.colour)
        target_group = args.target_groups[group.colour]
        made = ServerGroup(
            name,
            ServerGroupArgs(
                surroundings=args.surroundings,
                group_name=name,
                launch_template=self._launch_template(name, group),
                subnet_ids=args.subnet_ids,
                target_group_arn=target_group.arn,
                size=GroupSize(min=group.min, max=group.max, desired=group.desired),
                times=group_times(args.settings),
                min_healthy_percent=servers.min_healthy_percent,
                max_healthy_percent=servers.max_healthy_percent,
                rollback_alarm_names=self._rollback_alarm_names(),
                after=args.after,
            ),
            self._children,
        )
        ServerScaling(
            name,
            ServerScalingArgs(
                group_name=made.group_name,
                servers=servers,
                load_balancer_arn_suffix=args.load_balancer_arn_suffix,
                target_group_arn_suffix=target_group.arn_suffix,
                after=args.after,
            ),
            self._children,
        )
        if group.active:
            ServerSchedules(
                name,
                ServerSchedulesArgs(group_name=made.group_name, schedules=servers.schedules),
                self._children,
            )
        return made.group_name

    def _rollback_alarm_names(self) -> Sequence[pulumi.Input[str]]:
        ignored = self._args.settings.release.ignore_alarms
        return () if ignored else self._args.rollback_alarm_names

    def _launch_template(self, name: str, group: groups.ServerGroup) -> LaunchTemplate:
        args = self._args
        servers = args.settings.servers
        return LaunchTemplate(
            name,
            LaunchTemplateArgs(
                surroundings=args.surroundings,
                image_id=args.machine_image_id,
                instance_type=servers.instance_type,
                instance_profile_arn=args.profiles.launched,
                security_group_ids=[args.security_group_id],
                user_data=self._user_data(name, group),
                volume_gib=servers.volume_gib,
                volume_key_arn=args.volume_key_arn,
                detailed_monitoring=servers.detailed_monitoring,
            ),
            self._children,
        )

    def _user_data(self, name: str, group: groups.ServerGroup) -> pulumi.Output[str]:
        args = self._args
        settings, times = args.settings, group_times(args.settings)

        def text(
            image: str,
            document: str,
            fetched: Fetched,
            log_group: str,
            file_system: str,
            access_point: str,
        ) -> str:
            return node_user_data(
                NodeServer(
                    document=document,
                    image=image,
                    role="app",
                    port=args.port,
                    health_port=args.health_port,
                    memory_mib=container_memory_mib(settings.servers.instance_type),
                    region=args.surroundings.region,
                    group=name,
                    **fetched,
                    log_group=log_group,
                    shared_files=SharedFileSystem(
                        file_system_id=file_system,
                        access_point_id=access_point,
                        path=settings.files.path,
                    ),
                    ready_within_s=times.ready_within_s,
                    back_within_s=times.back_within_s,
                    let_go_within_s=times.let_go_within_s,
                    drain_within_s=times.drain_within_s,
                    stop_within_s=container_stop_timeout_s(settings),
                )
            )

        return pulumi.Output.all(
            image=args.node_image if group.image is None else group.image,
            document=args.document,
            fetched=args.secrets.fetched(args.profiles.serving),
            log_group=args.log_group_name,
            file_system=args.file_system_id,
            access_point=args.access_point_id,
        ).apply(lambda known: text(**known))


def group_name(surroundings: AwsSurroundings, colour: ColourName) -> str:
    """The name of a colour's Auto Scaling group, known before it is made."""
    return surroundings.named(colour)


def group_times(settings: AwsSettings) -> GroupTimes:
    """What a server of this stack may take."""
    return GroupTimes(
        grace_s=grace_period_s(settings),
        ready_within_s=ready_within_s(settings),
        back_within_s=node_back_within_s(settings),
        let_go_within_s=let_go_within_s(settings),
        drain_within_s=server_end_s(settings),
        warmup_s=settings.servers.warmup_s,
    )
