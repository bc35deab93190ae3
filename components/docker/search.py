"""The search node: the ERP in the role in which its Solr answers all other nodes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_docker as docker

from components.docker.health_check import HealthCheck
from components.docker.node_container import (
    RUN,
    healthy_within_s,
    node_files,
    node_scratch,
    stop_within_s,
)
from components.docker.service_container import Service, Surroundings, service_container
from components.docker.volume import data_volume
from settings import models
from settings.sizing import SEARCH_INSTANCE_ID

HOST_NAME: Final = "search"

_INDEX: Final = "/opt/scipio/applications/solr/cores/product/data"
"""In the tree of every image that `make image` makes; the image gives it to the node's user."""
_READY: Final = f"test -n \"$(find {RUN}/ready -newermt '-15 seconds' 2>/dev/null)\""


@dataclass(frozen=True, kw_only=True)
class SearchNodeArgs:
    """`document` is that of the search node, as JSON; `secrets` has each value it refers to.

    `nodes` says how long a node takes.
    """

    surroundings: Surroundings
    image: pulumi.Input[str]
    search: models.SearchNode
    nodes: models.Nodes
    document: pulumi.Input[str]
    secrets: Mapping[str, pulumi.Input[str]]


class SearchNode(pulumi.ComponentResource):
    """One healthy container that answers searches on the cluster's own network, and nowhere else.

    Its index is in a volume and can be lost: the node makes it from the database at every start.
    """

    container_name: pulumi.Output[str]

    def __init__(
        self, name: str, args: SearchNodeArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:docker:SearchNode", name, None, opts)
        index = data_volume("search-index", "search", args.surroundings, parent=self)
        self.container_name = service_container(
            "search", _search(args, index), args.surroundings, parent=self
        ).name
        self.register_outputs({"containerName": self.container_name})


def _search(args: SearchNodeArgs, index: docker.Volume) -> Service:
    limit_s = healthy_within_s(args.nodes)
    return Service(
        role="search",
        image=args.image,
        host_name=HOST_NAME,
        memory_mib=args.search.memory_mib,
        health=HealthCheck(command=("sh", "-c", _READY), start_period_s=limit_s),
        healthy_within_s=limit_s,
        stop_within_s=stop_within_s(args.nodes),
        environment=(f"SCIPIO_INSTANCE_ID={SEARCH_INSTANCE_ID}", "SCIPIO_ROLE=search"),
        files=node_files(args.document, args.secrets),
        volumes=[docker.ContainerVolumeArgs(volume_name=index.name, container_path=_INDEX)],
        scratch=node_scratch(),
    )
