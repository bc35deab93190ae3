"""The whole cluster on AWS: its parts, who may talk to whom, and the order in which they come."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

from components.aws import providers
from components.aws.app_servers import group_name, group_times
from components.aws.data_tier import DataTier, DataTierArgs
from components.aws.document import DocumentArgs, cluster_document
from components.aws.ecr_reference import in_region, repository_name
from components.aws.events import EventSources
from components.aws.front_door import FrontDoor, FrontDoorArgs
from components.aws.image import NodeImage, NodeImageArgs
from components.aws.kms import EncryptionKey, EncryptionKeyArgs
from components.aws.load_balancer import WeightedTargetGroup
from components.aws.logs import NodeLogs, NodeLogsArgs
from components.aws.monitoring import Monitoring, MonitoringArgs
from components.aws.network import Network, NetworkArgs
from components.aws.passages import Passages, PassagesArgs, SearchEnds
from components.aws.search_balancer import SearchBalancer, SearchBalancerArgs
from components.aws.search_server import search_group_name
from components.aws.second_region import SecondRegion, SecondRegionArgs
from components.aws.secrets import ClusterSecrets, ClusterSecretsArgs
from components.aws.server_security_group import ServerSecurityGroup, ServerSecurityGroupArgs
from components.aws.server_tier import NODE_PORT, SearchPlace, ServerTier, ServerTierArgs
from components.aws.stack_outputs import readme, stack_outputs, url_of
from components.aws.target_group import TargetGroup, TargetGroupArgs
from components.aws.watched import (
    WatchedBroker,
    WatchedCluster,
    WatchedDatabase,
    WatchedFiles,
    WatchedSearch,
    WatchedServers,
)
from components.generated.kept_choice import KeptChoice
from components.kept_colours import KeptColours, KeptColoursArgs
from contract.cluster_document import HEALTH_PORT
from settings.aws.groups import server_groups
from settings.aws.settings import AwsSettings
from settings.aws.sizing import connections_available
from settings.release import ColourName
from settings.routing import HEALTH_PATH

_ANOTHER_KEY = (
    "database and files keep the key that they began with and are lost 30 days after it goes, and "
    "the broker would be replaced. Data under another key are those of another stack: restore them "
    "into it (docs/operations.md, Restore drill)."
)


@dataclass(frozen=True, kw_only=True)
class AwsPlatformArgs:
    """`cluster` begins the name of everything; `settings` are the stack's."""

    cluster: str
    settings: AwsSettings


class AwsPlatform(pulumi.ComponentResource):
    """A cluster that serves visitors at `url`.

    What holds data comes first, then the way in, then the servers; an end is made in the reverse
    order. With `aws.protection` on, what holds data cannot be deleted.
    """

    outputs: pulumi.Output[dict[str, Any]]
    """`contract.stack_outputs.StackOutputs` as JSON."""
    url: str
    for_operators: Mapping[str, pulumi.Input[Any] | None]
    """Names that an operator needs, by the names of the stack's outputs."""

    def __init__(
        self, name: str, args: AwsPlatformArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        self._args = args
        self._settings = settings = args.settings
        self._around = providers.surroundings(settings, args.cluster)
        provider = providers.provider("provider", self._around, settings.aws)
        super().__init__(
            "scipio:aws:AwsPlatform",
            name,
            None,
            pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(providers=[provider])),
        )
        self._children = pulumi.ResourceOptions(parent=self)
        self._ground()
        self._data_tier()
        self._groups()
        self._way_in()
        self._keep_colours()
        self._open()
        self._watch()
        self._run()
        self._monitoring.watch_signs_of_life(self._servers)

        self.url = url_of(settings)
        self.outputs = stack_outputs(settings, self._document)
        self.for_operators = self._names()
        self.register_outputs({"url": self.url})

    def _ground(self) -> None:
        """Key, network, secrets, logs and image: what everything else stands on."""
        settings, around = self._settings, self._around
        KeptChoice(
            around.named("key-choice"),
            key="secrets.kmsKey",
            value=settings.secrets.kms_key,
            reason=_ANOTHER_KEY,
            opts=self._children,
        )
        self._key_arn: pulumi.Output[str] | None = None
        if settings.secrets.kms_key == "own":
            self._key_arn = EncryptionKey(
                "key", EncryptionKeyArgs(surroundings=around), self._children
            ).arn
        self._network = Network(
            "network",
            NetworkArgs(
                surroundings=around,
                network=settings.network,
                log_retention_days=settings.monitoring.log_retention_days,
                key_arn=self._key_arn,
            ),
            self._children,
        )
        self._second_region = self._elsewhere()
        self._secrets = ClusterSecrets(
            "secrets",
            ClusterSecretsArgs(
                surroundings=around,
                recovery_days=settings.secrets.recovery_days,
                key_arn=self._key_arn,
                second_region=self._second_region,
            ),
            self._children,
        )
        self._logs = NodeLogs(
            "logs",
            NodeLogsArgs(
                surroundings=around,
                retention_days=settings.monitoring.log_retention_days,
                keep=settings.monitoring.keep_logs,
                key_arn=self._key_arn,
            ),
            self._children,
        )
        self._image = NodeImage(
            around.named("node"),
            NodeImageArgs(
                surroundings=around,
                image=settings.image,
                architecture=settings.servers.architecture,
            ),
            self._children,
        )

    def _elsewhere(self) -> SecondRegion | None:
        """What the cluster needs to come up there, should its own region be gone."""
        settings, around = self._settings, self._around
        region = settings.backup.copy_region
        if region is None:
            return None
        image = settings.image.existing
        replicated = image is not None and settings.image.replicate
        return SecondRegion(
            "second-region",
            SecondRegionArgs(
                surroundings=around,
                account=settings.aws,
                region=region,
                own_key=settings.secrets.kms_key == "own",
                replicated_repository=repository_name(image, around.region)
                if image is not None and replicated
                else None,
            ),
            self._children,
        )

    def _data_tier(self) -> None:
        self._data = DataTier(
            "data",
            DataTierArgs(
                surroundings=self._around,
                settings=self._settings,
                network=self._network,
                secrets=self._secrets,
                key_arn=self._key_arn,
                second_region=self._second_region,
            ),
            self._children,
        )

    def _groups(self) -> None:
        """Security groups of the servers, the search's address, and the document that names all."""
        self._app_group = self._server_group("app")
        self._search = self._search_place() if self._settings.search.mode == "solr" else None
        self._document = cluster_document(
            DocumentArgs(
                cluster=self._args.cluster,
                settings=self._settings,
                database=self._data.database,
                broker=self._data.broker,
                search_host=self._search.balancer.host if self._search else None,
            )
        )

    def _search_place(self) -> SearchPlace:
        group = self._server_group("search")
        balancer = SearchBalancer(
            self._around.named("search"),
            SearchBalancerArgs(
                surroundings=self._around,
                vpc_id=self._network.vpc_id,
                subnet_ids=self._network.private_subnet_ids,
                server_security_group_id=group,
                port=self._settings.search.port,
            ),
            self._children,
        )
        return SearchPlace(group_id=group, balancer=balancer)

    def _server_group(self, part: str) -> pulumi.Output[str]:
        return ServerSecurityGroup(
            self._around.named(part),
            ServerSecurityGroupArgs(vpc_id=self._network.vpc_id, part=part),
            self._children,
        ).group_id

    def _way_in(self) -> None:
        settings, around, network = self._settings, self._around, self._network
        self._target_groups: dict[ColourName, TargetGroup] = {
            group.colour: TargetGroup(
                around.named(group.colour),
                TargetGroupArgs(
                    vpc_id=network.vpc_id,
                    port=NODE_PORT,
                    health_port=HEALTH_PORT,
                    health_path=HEALTH_PATH,
                    balancer=settings.balancer,
                ),
                self._children,
            )
            for group in server_groups(settings)
        }
        self._door = FrontDoor(
            "front-door",
            FrontDoorArgs(
                surroundings=around,
                settings=settings,
                vpc_id=network.vpc_id,
                subnet_ids=network.public_subnet_ids,
                target_groups=[
                    WeightedTargetGroup(
                        colour=group.colour,
                        arn=self._target_groups[group.colour].arn,
                        weight=group.weight,
                    )
                    for group in server_groups(settings)
                ],
                key_arn=self._key_arn,
            ),
            self._children,
        )

    def _keep_colours(self) -> None:
        settings, balancer = self._settings, self._door.load_balancer
        self._places: dict[str, dict[str, pulumi.Input[str]]] = {
            colour: {
                "region": self._around.region,
                "targetGroup": target_group.arn_suffix,
                "loadBalancer": balancer.arn_suffix,
            }
            for colour, target_group in self._target_groups.items()
        }
        KeptColours(
            self._around.named("kept-colours"),
            KeptColoursArgs(
                places=self._places,
                stickiness_s=settings.balancer.stickiness_s,
                drop_early=settings.release.drop_early,
            ),
            self._children,
        )

    def _colours(self) -> dict[str, Any]:
        """What `make colours` asks for each colour, and which share of new visitors it gets."""
        return {
            group.colour: {
                "weight": group.weight,
                "stickinessS": self._settings.balancer.stickiness_s,
                "place": self._places[group.colour],
            }
            for group in server_groups(self._settings)
        }

    def _open(self) -> None:
        """Who may open a connection to whom."""
        data, search = self._data, self._search
        self._passages = Passages(
            "passages",
            PassagesArgs(
                surroundings=self._around,
                balancer=self._door.load_balancer.security_group_id,
                app=self._app_group,
                database=data.database.security_group_id,
                broker=data.broker.security_group_id,
                files=data.files.security_group_id,
                endpoints=self._network.endpoints_group_id,
                search=None
                if search is None
                else SearchEnds(
                    balancer=search.balancer.security_group_id,
                    server=search.group_id,
                    port=self._settings.search.port,
                ),
                node_port=NODE_PORT,
                health_port=HEALTH_PORT,
                console=self._settings.messaging.console_from_servers,
            ),
            self._children,
        )

    def _watch(self) -> None:
        settings = self._settings
        self._monitoring = Monitoring(
            "monitoring",
            MonitoringArgs(
                surroundings=self._around,
                settings=settings.monitoring,
                watched=self._watched(),
                sources=EventSources(
                    database_arn=self._data.database.arn,
                    group_prefix=self._around.named(""),
                    backup=self._data.backup,
                ),
                key_arn=self._key_arn,
            ),
            self._children,
        )

    def _watched(self) -> WatchedCluster:
        settings, around = self._settings, self._around
        leave_within_s = (
            settings.balancer.deregistration_delay_s + group_times(settings).drain_within_s
        )
        return WatchedCluster(
            load_balancer_suffix=self._door.load_balancer.arn_suffix,
            certificate_arn=self._door.certificate_arn,
            servers={
                group.colour: WatchedServers(
                    group_name=group_name(around, group.colour),
                    target_group_suffix=self._target_groups[group.colour].arn_suffix,
                    min=group.min,
                    max=group.max,
                    leave_within_s=leave_within_s,
                    warmup_s=settings.servers.warmup_s,
                )
                for group in server_groups(settings)
            },
            search=None
            if self._search is None
            else WatchedSearch(
                group_name=search_group_name(around),
                balancer_suffix=self._search.balancer.arn_suffix,
                target_group_suffix=self._search.balancer.target_group_arn_suffix,
            ),
            database=WatchedDatabase(
                identifier=self._data.database.identifier,
                connections=connections_available(settings),
                storage_gib=settings.database.storage_gib,
            ),
            broker=WatchedBroker(
                instance_names=self._data.broker.instance_names, topic=settings.messaging.topic
            ),
            files=WatchedFiles(
                file_system_id=self._data.files.file_system_id,
                bursting=settings.files.throughput == "bursting",
            ),
        )

    def _run(self) -> None:
        """The servers, once all that a node needs to start is there."""
        self._servers = ServerTier(
            "server-tier",
            ServerTierArgs(
                surroundings=self._around,
                settings=self._settings,
                network=self._network,
                data=self._data,
                secrets=self._secrets,
                logs=self._logs,
                image=self._image,
                key_arn=self._key_arn,
                document=self._document,
                app_group_id=self._app_group,
                search=self._search,
                target_groups=self._target_groups,
                load_balancer=self._door.load_balancer,
                rollback_alarm_names=self._monitoring.rollback_alarm_names,
                after=(self._passages, self._door),
            ),
            self._children,
        )

    def _recovery(self) -> pulumi.Input[Any] | None:
        """What another stack needs to know to bring the cluster up in the second region."""
        there = self._second_region
        if there is None:
            return None
        return {
            "region": there.region,
            "encryptionKey": there.key_arn,
            "image": self._image.reference.apply(lambda image: in_region(image, there.region)),
            "vault": self._data.copies,
        }

    def _names(self) -> dict[str, pulumi.Input[Any] | None]:
        return {
            "readme": readme(self._settings, self._args.cluster),
            "colours": self._colours(),
            "serverGroups": dict(self._servers.group_names),
            "loadBalancer": self._door.load_balancer.dns_name,
            "distribution": self._door.distribution_id,
            "broker": self._data.broker.broker_name,
            "brokerId": self._data.broker.broker_id,
            "brokerConsoles": self._data.broker.console_urls,
            "database": self._data.database.identifier,
            "logGroup": self._logs.group_name,
            "image": self._image.reference,
            "imageRepository": self._image.repository_url,
            "administratorSecret": self._secrets.administrator.arn,
            "brokerOperatorSecret": self._secrets.broker_operator.arn,
            "alarmTopic": self._monitoring.topic_arn,
            "dashboard": self._monitoring.dashboard_name,
            "nat": list(self._network.nat_public_ips),
            "encryptionKey": self._key_arn,
            "recovery": self._recovery(),
        }
