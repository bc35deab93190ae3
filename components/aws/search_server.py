"""The one search server: product search for all nodes."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.aws.app_servers import group_times
from components.aws.launch_template import LaunchTemplate, LaunchTemplateArgs
from components.aws.server_group import GroupSize, ServerGroup, ServerGroupArgs
from components.aws.server_role import ServerProfiles
from components.aws.server_secrets import Fetched, ServerSecrets
from components.aws.surroundings import AwsSurroundings
from settings.aws.settings import AwsSettings
from settings.aws.sizing import container_memory_mib, container_stop_timeout_s
from templates.userdata.node import NodeServer, node_user_data


@dataclass(frozen=True, kw_only=True)
class SearchServerArgs:
    """`node_image` is that of the nodes: the search server is a node in another role.

    `document` is the cluster document as JSON. `after` is what it needs to start: the database and
    the rules that let it in, and the balancer's listener.
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
    log_group_name: pulumi.Input[str]
    target_group_arn: pulumi.Input[str]
    after: tuple[pulumi.Resource, ...]


class SearchServer(pulumi.ComponentResource):
    """One server, replaced when it fails, with the index on its own encrypted disk.

    The index goes with the server and is rebuilt from the database by the next one: until then
    searches find nothing, or little.
    """

    group_name: pulumi.Output[str]

    def __init__(
        self, name: str, args: SearchServerArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:SearchServer", name, None, opts)
        children = pulumi.ResourceOptions(parent=self)
        search = args.settings.search
        template = LaunchTemplate(
            name,
            LaunchTemplateArgs(
                surroundings=args.surroundings,
                image_id=args.machine_image_id,
                instance_type=search.instance_type,
                instance_profile_arn=args.profiles.launched,
                security_group_ids=[args.security_group_id],
                user_data=_user_data(args),
                volume_gib=search.volume_gib,
                volume_key_arn=args.volume_key_arn,
                detailed_monitoring=args.settings.servers.detailed_monitoring,
            ),
            children,
        )
        self.group_name = ServerGroup(
            name,
            ServerGroupArgs(
                surroundings=args.surroundings,
                group_name=search_group_name(args.surroundings),
                launch_template=template,
                subnet_ids=args.subnet_ids,
                target_group_arn=args.target_group_arn,
                size=GroupSize(min=1, max=1, desired=1),
                times=group_times(args.settings),
                # The new one first: between them they answer from two indexes, but always.
                min_healthy_percent=100,
                max_healthy_percent=200,
                rollback_alarm_names=(),
                after=args.after,
            ),
            children,
        ).group_name
        self.register_outputs({"groupName": self.group_name})


def search_group_name(surroundings: AwsSurroundings) -> str:
    """The name of the search server's Auto Scaling group, known before it is made."""
    return surroundings.named("search")


def _user_data(args: SearchServerArgs) -> pulumi.Output[str]:
    settings, times = args.settings, group_times(args.settings)

    def text(image: str, document: str, fetched: Fetched, log_group: str) -> str:
        return node_user_data(
            NodeServer(
                document=document,
                image=image,
                role="search",
                port=settings.search.port,
                # Its load balancer opens a connection and asks for nothing.
                health_port=None,
                memory_mib=container_memory_mib(settings.search.instance_type),
                region=args.surroundings.region,
                group=search_group_name(args.surroundings),
                **fetched,
                log_group=log_group,
                shared_files=None,
                ready_within_s=times.ready_within_s,
                back_within_s=times.back_within_s,
                let_go_within_s=times.let_go_within_s,
                drain_within_s=times.drain_within_s,
                stop_within_s=container_stop_timeout_s(settings),
            )
        )

    return pulumi.Output.all(
        image=args.node_image,
        document=args.document,
        fetched=args.secrets.fetched(args.profiles.serving),
        log_group=args.log_group_name,
    ).apply(lambda known: text(**known))
