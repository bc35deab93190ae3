"""What the stack says of itself, made from what the components know."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

from contract.cluster_document import ClusterDocument
from contract.stack_outputs import (
    BalancerOutput,
    BrokerOutput,
    DatabaseOutput,
    NodeOutput,
    StackOutputs,
)
from settings.models import Settings
from settings.routing import routing_rules
from settings.sizing import SEARCH_INSTANCE_ID


@dataclass(frozen=True, kw_only=True)
class ContainerNames:
    """Docker's names of the containers: nodes by instance id, brokers by host name."""

    nodes: Mapping[str, pulumi.Output[str]]
    drained_nodes: Mapping[str, pulumi.Output[str]]
    search: pulumi.Output[str] | None
    brokers: Mapping[str, pulumi.Output[str]]
    database: pulumi.Output[str]
    balancer: pulumi.Output[str]

    def known(self) -> pulumi.Output[dict[str, Any]]:
        """All of them, once Docker has given them."""
        return pulumi.Output.all(
            nodes=pulumi.Output.from_input(dict(self.nodes)),
            drained_nodes=pulumi.Output.from_input(dict(self.drained_nodes)),
            search=self.search,
            brokers=pulumi.Output.all(**self.brokers),
            database=self.database,
            balancer=self.balancer,
        )


def stack_outputs(
    settings: Settings,
    document: ClusterDocument,
    ca_certificate: pulumi.Output[str],
    names: ContainerNames,
) -> pulumi.Output[dict[str, Any]]:
    """`StackOutputs` as the plain dictionary that the checks read back; nothing in it is secret."""
    return pulumi.Output.all(ca_certificate=ca_certificate, names=names.known()).apply(
        lambda known: _outputs(settings, document, **known).model_dump(mode="json", by_alias=True)
    )


def _outputs(
    settings: Settings, document: ClusterDocument, ca_certificate: str, names: dict[str, Any]
) -> StackOutputs:
    return StackOutputs(
        cluster=document.cluster,
        platform=settings.platform,
        implementation="reference" if settings.app.image is None else "scipio",
        balancer=BalancerOutput(
            https_url=https_url(settings),
            http_url=f"http://{settings.balancer.host}:{settings.balancer.http_port}",
            statistics_url=f"http://127.0.0.1:{settings.balancer.statistics_port}/",
            container=names["balancer"],
        ),
        ca_certificate=ca_certificate,
        routing=routing_rules(settings),
        nodes=_nodes(names["nodes"]),
        drained_nodes=_nodes(names["drained_nodes"]),
        search_node=_search_node(names["search"]),
        brokers=tuple(
            BrokerOutput(name=name, container=container)
            for name, container in names["brokers"].items()
        ),
        database=DatabaseOutput(
            host=document.database.host,
            port=document.database.port,
            name=document.database.name,
            app_user=document.database.app_user,
            container=names["database"],
        ),
    )


def _nodes(containers: Mapping[str, str]) -> tuple[NodeOutput, ...]:
    return tuple(
        NodeOutput(instance_id=instance_id, container=container)
        for instance_id, container in containers.items()
    )


def _search_node(container: str | None) -> NodeOutput | None:
    if container is None:
        return None
    return NodeOutput(instance_id=SEARCH_INSTANCE_ID, container=container)


def https_url(settings: Settings) -> str:
    """Where visitors find the cluster."""
    return f"https://{settings.balancer.host}:{settings.balancer.https_port}"
