"""The servers of a cluster, each part with the role that its work needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi

from components.aws.ami import ami_id
from components.aws.app_servers import AppServers, AppServersArgs, group_name
from components.aws.data_tier import DataTier
from components.aws.ecr_reference import repository_arn
from components.aws.image import NodeImage
from components.aws.load_balancer import LoadBalancer
from components.aws.logs import NodeLogs
from components.aws.network import Network
from components.aws.search_balancer import SearchBalancer
from components.aws.search_server import SearchServer, SearchServerArgs, search_group_name
from components.aws.secrets import ClusterSecrets
from components.aws.server_role import (
    ServerProfiles,
    ServerRole,
    ServerRoleArgs,
    SharedFilesAccess,
)
from components.aws.server_secrets import ServerSecrets
from components.aws.surroundings import AwsSurroundings
from components.aws.target_group import TargetGroup
from contract.cluster_document import HEALTH_PORT, ClusterDocument
from settings.aws.groups import server_groups
from settings.aws.settings import AwsSettings
from settings.aws.sizing import search_heap_mib
from settings.cluster_document import search_node_document
from settings.release import ColourName

NODE_PORT: Final = 8081
"""`contract.cluster_document.NodeRuntime.http_port`, which no stack changes."""


@dataclass(frozen=True, kw_only=True)
class SearchPlace:
    """Where the search server goes: its security group, and the balancer that leads to it."""

    group_id: pulumi.Output[str]
    balancer: SearchBalancer


@dataclass(frozen=True, kw_only=True)
class ServerTierArgs:
    """`app_group_id` is the security group of the app servers; `search` is None where there is no
    search. `rollback_alarm_names` end a replacement of servers. `after` is what a node needs to
    start besides the data tier: who may connect to whom, and the way in.
    """

    surroundings: AwsSurroundings
    settings: AwsSettings
    network: Network
    data: DataTier
    secrets: ClusterSecrets
    logs: NodeLogs
    image: NodeImage
    key_arn: pulumi.Output[str] | None
    document: pulumi.Output[ClusterDocument]
    app_group_id: pulumi.Output[str]
    search: SearchPlace | None
    target_groups: Mapping[ColourName, TargetGroup]
    load_balancer: LoadBalancer
    rollback_alarm_names: Sequence[pulumi.Input[str]]
    after: tuple[pulumi.Resource, ...]


class ServerTier(pulumi.ComponentResource):
    """App servers of every colour and the search server, started once all they need is there."""

    group_names: Mapping[ColourName, pulumi.Output[str]]

    def __init__(
        self, name: str, args: ServerTierArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:ServerTier", name, None, opts)
        self._args = args
        self._children = pulumi.ResourceOptions(parent=self)
        self._machine_image = ami_id(args.settings.servers, self)
        data = args.data
        self._ready = (data.database, data.broker, data.files, args.secrets, *args.after)
        self.group_names = self._app_servers().group_names
        if args.search is not None:
            self._search_server(args.search)
        self.register_outputs({"groupNames": dict(self.group_names)})

    def _app_servers(self) -> AppServers:
        args = self._args
        groups = [
            group_name(args.surroundings, each.colour) for each in server_groups(args.settings)
        ]
        files = args.data.files
        access = SharedFilesAccess(
            file_system_arn=files.file_system_arn, access_point_arn=files.access_point_arn
        )
        return AppServers(
            "servers",
            AppServersArgs(
                surroundings=args.surroundings,
                settings=args.settings,
                subnet_ids=args.network.private_subnet_ids,
                security_group_id=args.app_group_id,
                profiles=self._role("app", groups=groups, files=access),
                secrets=self._secrets(),
                machine_image_id=self._machine_image,
                volume_key_arn=args.key_arn,
                node_image=args.image.reference,
                document=args.document.apply(_text),
                port=NODE_PORT,
                health_port=HEALTH_PORT,
                log_group_name=args.logs.group_name,
                file_system_id=files.file_system_id,
                access_point_id=files.access_point_id,
                target_groups=args.target_groups,
                load_balancer_arn_suffix=args.load_balancer.arn_suffix,
                rollback_alarm_names=args.rollback_alarm_names,
                after=self._ready,
            ),
            self._children,
        )

    def _search_server(self, place: SearchPlace) -> None:
        args = self._args
        group = search_group_name(args.surroundings)
        SearchServer(
            args.surroundings.named("search"),
            SearchServerArgs(
                surroundings=args.surroundings,
                settings=args.settings,
                subnet_ids=args.network.private_subnet_ids,
                security_group_id=place.group_id,
                profiles=self._role("search", groups=[group], files=None),
                secrets=self._secrets(),
                machine_image_id=self._machine_image,
                volume_key_arn=args.key_arn,
                node_image=args.image.reference,
                document=args.document.apply(self._text_for_search),
                log_group_name=args.logs.group_name,
                target_group_arn=place.balancer.target_group_arn,
                after=(*self._ready, place.balancer),
            ),
            self._children,
        )

    def _text_for_search(self, document: ClusterDocument) -> str:
        """The search server is another machine, and its heap another."""
        heap_mib = search_heap_mib(self._args.settings)
        return _text(search_node_document(document, heap_mib=heap_mib))

    def _role(
        self, part: str, *, groups: Sequence[str], files: SharedFilesAccess | None
    ) -> ServerProfiles:
        args, secrets = self._args, self._args.secrets
        return ServerRole(
            args.surroundings.named(part),
            ServerRoleArgs(
                surroundings=args.surroundings,
                repository_arns=self._repositories(),
                secret_arns=[secrets.database_app.arn, secrets.broker_app.arn],
                preparation_secret_arns=[
                    args.data.database.admin_secret_arn,
                    secrets.administrator.arn,
                ],
                secret_key_arns=[] if args.key_arn is None else [args.key_arn],
                log_group_arn=args.logs.group_arn,
                group_names=groups,
                shared_files=files,
            ),
            self._children,
        ).profiles

    def _secrets(self) -> ServerSecrets:
        secrets = self._args.secrets
        return ServerSecrets(
            database_app=secrets.database_app.arn,
            database_admin=self._args.data.database.admin_secret_arn,
            broker_app=secrets.broker_app.arn,
            administrator=secrets.administrator.arn,
        )

    def _repositories(self) -> list[pulumi.Input[str]]:
        """Every ECR repository that some colour's image is in."""
        args = self._args
        of_colours = (
            repository_arn(group.image, args.surroundings.partition)
            for group in server_groups(args.settings)
            if group.image is not None
        )
        own = args.image.repository_arn
        plain = dict.fromkeys(arn for arn in of_colours if arn is not None)
        return [*([] if own is None else [own]), *plain]


def _text(document: ClusterDocument) -> str:
    return document.model_dump_json(by_alias=True, exclude_none=True, indent=1)
