"""The whole cluster on one machine: its parts, and the order in which they come up."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pulumi

from components.docker.app_nodes import AppNodes, AppNodesArgs, shared_name
from components.docker.balancer import Balancer, BalancerArgs
from components.docker.brokers import HOST_NAMES as BROKER_HOST_NAMES
from components.docker.brokers import Brokers, BrokersArgs
from components.docker.cluster_secrets import ClusterSecrets, ClusterSecretsArgs
from components.docker.database import HOST_NAME as DATABASE_HOST_NAME
from components.docker.database import Database, DatabaseArgs
from components.docker.images import ClusterImages, ClusterImagesArgs
from components.docker.labels import Owner
from components.docker.network import ClusterNetwork, ClusterNetworkArgs
from components.docker.release import ActiveColour, ActiveColourArgs
from components.docker.search import HOST_NAME as SEARCH_HOST_NAME
from components.docker.search import SearchNode, SearchNodeArgs
from components.docker.service_container import Surroundings
from components.docker.stack_outputs import ContainerNames, https_url, stack_outputs
from components.generated.state_mark import StateMark
from components.kept_colours import KeptColours, KeptColoursArgs
from contract.cluster_document import ClusterDocument
from contract.request_threads import request_threads
from settings.cluster_document import (
    ADMINISTRATOR_PASSWORD,
    BROKER_APP_PASSWORD,
    DATABASE_ADMIN_PASSWORD,
    DATABASE_APP_PASSWORD,
    cluster_document,
    search_node_document,
)
from settings.models import Settings
from settings.node_groups import node_groups
from settings.release import COLOURS, other
from settings.routing import routing_rules


@dataclass(frozen=True, kw_only=True)
class DockerPlatformArgs:
    """`cluster` is the name that every Docker object carries; `settings` are the stack's."""

    cluster: str
    settings: Settings


class DockerPlatform(pulumi.ComponentResource):
    """A cluster that serves visitors at `url`, every container healthy.

    Database and brokers come up first and together, then the nodes, then the balancer, and last it
    is said which colour new visitors get; an end is made in the reverse order.
    """

    outputs: pulumi.Output[dict[str, Any]]
    """`contract.stack_outputs.StackOutputs` as JSON."""
    colours: dict[str, Any]
    """What `make colours` asks for each colour."""
    url: str
    administrator_password: pulumi.Output[str]
    """Secret: the password of the ERP's own administrator."""

    def __init__(
        self, name: str, args: DockerPlatformArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:docker:DockerPlatform", name, None, opts)
        self._args = args
        self._children = pulumi.ResourceOptions(parent=self)
        settings, cluster = args.settings, args.cluster
        self._groups = node_groups(settings)

        self._secrets = ClusterSecrets(
            "secrets", ClusterSecretsArgs(cluster=cluster), self._children
        )
        mark = StateMark("state-mark", self._children)
        self._owner = Owner(cluster=cluster, mark=mark)
        network = ClusterNetwork("network", ClusterNetworkArgs(owner=self._owner), self._children)
        self._network_name = network.network_name
        self._images = ClusterImages(
            "images",
            ClusterImagesArgs(cluster=cluster, node_image=settings.app.image, groups=self._groups),
            self._children,
        )
        self._document = self._document_for(broker_ca=None)
        database = self._database()
        brokers = self._brokers()
        nodes = self._nodes(after=(database, brokers))
        search = self._search(after=(database, brokers)) if settings.search.enabled else None
        balancer = self._balancer(after=(nodes,))
        self._active_colour(balancer, after=(nodes, balancer))
        self.colours = self._colours()

        self.url = https_url(settings)
        self.administrator_password = self._secrets.administrator
        self.outputs = stack_outputs(
            settings,
            self._document,
            self._secrets.authority.certificate_pem,
            ContainerNames(
                nodes=nodes.container_names[settings.release.active],
                drained_nodes=nodes.container_names.get(other(settings.release.active), {}),
                search=None if search is None else search.container_name,
                brokers=brokers.container_names,
                database=database.container_name,
                balancer=balancer.container_name,
            ),
        )
        self.register_outputs({"url": self.url})

    def _surroundings(self, *after: pulumi.Resource) -> Surroundings:
        return Surroundings(owner=self._owner, network_name=self._network_name, after=after)

    def _document_for(self, *, broker_ca: str | None) -> ClusterDocument:
        """The cluster document; all of it but `broker_ca` is known before anything is made."""
        return cluster_document(
            self._args.settings,
            cluster=self._args.cluster,
            database_host=DATABASE_HOST_NAME,
            brokers=BROKER_HOST_NAMES,
            broker_ca=broker_ca,
            search_host=SEARCH_HOST_NAME if self._args.settings.search.enabled else None,
        )

    def _document_text(
        self, of: Callable[[ClusterDocument], ClusterDocument] = lambda document: document
    ) -> pulumi.Output[str]:
        """The one place where what Pulumi knows becomes the document's text."""
        return self._secrets.authority.certificate_pem.apply(
            lambda pem: of(self._document_for(broker_ca=pem)).model_dump_json(
                by_alias=True, indent=2
            )
        )

    def _database(self) -> Database:
        return Database(
            "database",
            DatabaseArgs(
                surroundings=self._surroundings(),
                image=self._images.database,
                database=self._document.database,
                max_connections=self._args.settings.database.max_connections,
                admin_password=self._secrets.database_admin,
            ),
            self._children,
        )

    def _brokers(self) -> Brokers:
        return Brokers(
            "brokers",
            BrokersArgs(
                surroundings=self._surroundings(),
                image=self._images.broker,
                messaging=self._document.messaging,
                heap_mib=self._args.settings.messaging.broker_heap_mib,
                authority=self._secrets.authority,
                app_password=self._secrets.broker_app,
            ),
            self._children,
        )

    def _nodes(self, after: tuple[pulumi.Resource, ...]) -> AppNodes:
        return AppNodes(
            "nodes",
            AppNodesArgs(
                surroundings=self._surroundings(*after),
                images=self._images.nodes,
                groups=self._groups,
                nodes=self._args.settings.nodes,
                routing=routing_rules(self._args.settings),
                document=self._document_text(),
                secrets=self._node_secrets(),
                shared_files_path=self._document.shared_files.path,
            ),
            self._children,
        )

    def _node_secrets(self) -> dict[str, pulumi.Input[str]]:
        return {
            DATABASE_ADMIN_PASSWORD.name: self._secrets.database_admin,
            DATABASE_APP_PASSWORD.name: self._secrets.database_app,
            BROKER_APP_PASSWORD.name: self._secrets.broker_app,
            ADMINISTRATOR_PASSWORD.name: self._secrets.administrator,
        }

    def _search(self, after: tuple[pulumi.Resource, ...]) -> SearchNode:
        """Beside the nodes: they serve without it, and find nothing until it answers."""
        settings = self._args.settings
        heap_mib = settings.search.heap_mib
        return SearchNode(
            "search-node",
            SearchNodeArgs(
                surroundings=self._surroundings(*after),
                image=self._images.nodes[settings.release.active],
                search=settings.search,
                nodes=settings.nodes,
                document=self._document_text(
                    lambda document: search_node_document(document, heap_mib=heap_mib)
                ),
                secrets=self._node_secrets(),
            ),
            self._children,
        )

    def _balancer(self, after: tuple[pulumi.Resource, ...]) -> Balancer:
        return Balancer(
            "balancer",
            BalancerArgs(
                surroundings=self._surroundings(*after),
                image=self._images.balancer,
                balancer=self._args.settings.balancer,
                routing=routing_rules(self._args.settings),
                public_endpoint=self._document.public_endpoint,
                nodes_names={colour: shared_name(colour) for colour in COLOURS},
                nodes_port=self._document.node.http_port,
                nodes_health_port=self._document.node.health_port,
                nodes_sign_port=self._document.node.sign_port,
                request_threads=request_threads(
                    pool_max=self._document.database.pool_max,
                    job_threads=self._document.node.job_threads,
                ),
                authority=self._secrets.authority,
            ),
            self._children,
        )

    def _colours(self) -> dict[str, Any]:
        """What `make colours` asks for each colour; one that visitors are on does not go."""
        settings = self._args.settings
        place = {"statisticsUrl": f"http://127.0.0.1:{settings.balancer.statistics_port}/"}
        KeptColours(
            "kept-colours",
            KeptColoursArgs(
                places={group.colour: place for group in self._groups},
                stickiness_s=settings.balancer.stickiness_s,
                drop_early=settings.release.drop_early,
            ),
            self._children,
        )
        return {
            group.colour: {
                "weight": 100 if group.active else 0,
                "stickinessS": settings.balancer.stickiness_s,
                "place": place,
            }
            for group in self._groups
        }

    def _active_colour(self, balancer: Balancer, after: tuple[pulumi.Resource, ...]) -> None:
        ActiveColour(
            "active-colour",
            ActiveColourArgs(
                surroundings=self._surroundings(*after),
                image=self._images.balancer,
                control=balancer.control,
                active=self._args.settings.release.active,
            ),
            self._children,
        )
