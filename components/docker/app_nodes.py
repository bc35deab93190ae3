"""The app nodes: as many containers of one image as the stack says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

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
from contract.routing import RoutingRules
from settings.models import Nodes
from settings.node_groups import NodeGroup
from settings.release import ColourName

_READY = """
cd {run} && if [ -n "$(find ready -newermt '-15 seconds' 2>/dev/null)" ]
then [ -e seen ] || touch seen; [ -n "$(find seen ! -newermt '-{seen_s} seconds')" ]
else rm -f seen; exit 1; fi"""
"""The agent touches `ready` while the node serves: an old one is as good as none. The balancer must
have had the time to see it too, because the next node may be taken away then."""


@dataclass(frozen=True, kw_only=True)
class AppNodesArgs:
    """`document` is the cluster document as JSON; `secrets` has each value that it refers to.

    `shared_files_path` is the document's: where every node finds uploads and images.
    """

    surroundings: Surroundings
    images: Mapping[ColourName, pulumi.Input[str]]
    groups: Sequence[NodeGroup]
    nodes: Nodes
    routing: RoutingRules
    document: pulumi.Input[str]
    secrets: Mapping[str, pulumi.Input[str]]
    shared_files_path: str


class AppNodes(pulumi.ComponentResource):
    """One healthy container a node, and one volume of files that all of them share.

    Nodes of one colour differ by their instance id alone, so one more or one less touches no other.
    What replaces all of them replaces every second one first, and the rest when those serve. The
    volume holds visitors' uploads: deleting it loses them.
    """

    container_names: Mapping[ColourName, Mapping[str, pulumi.Output[str]]]
    """By colour and instance id, in the order of the stack."""

    def __init__(
        self, name: str, args: AppNodesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:docker:AppNodes", name, None, opts)
        shared_files = data_volume("shared-files", "node", args.surroundings, parent=self)
        self._args, self._shared_files = args, shared_files
        self.container_names = {group.colour: self._group(group) for group in args.groups}
        self.register_outputs(
            {"containerNames": {colour: dict(of) for colour, of in self.container_names.items()}}
        )

    def _group(self, group: NodeGroup) -> dict[str, pulumi.Output[str]]:
        """Two waves, so that a replaced node serves before its neighbour goes; more of them would
        make the first start of many nodes as slow as all their boots together.
        """
        first = self._wave(group, group.instance_ids[::2], after=())
        second = self._wave(group, group.instance_ids[1::2], after=tuple(first.values()))
        containers = first | second
        return {instance_id: containers[instance_id].name for instance_id in group.instance_ids}

    def _wave(
        self, group: NodeGroup, instance_ids: Sequence[str], after: tuple[docker.Container, ...]
    ) -> dict[str, docker.Container]:
        surroundings = self._args.surroundings
        return {
            instance_id: service_container(
                f"node-{instance_id}",
                _node(instance_id, group.colour, self._args, self._shared_files),
                replace(surroundings, after=(*surroundings.after, *after)),
                parent=self,
            )
            for instance_id in instance_ids
        }


def shared_name(colour: ColourName) -> str:
    """The name on the network that answers with the address of every node of a colour."""
    return f"app-{colour}"


def _node(
    instance_id: str, colour: ColourName, args: AppNodesArgs, shared_files: docker.Volume
) -> Service:
    nodes, routing = args.nodes, args.routing
    ready = _READY.format(
        run=RUN, seen_s=routing.health_interval_s * routing.healthy_threshold
    ).strip()
    limit_s = healthy_within_s(nodes)
    return Service(
        role="node",
        image=args.images[colour],
        # Never an instance id alone: one could be called like another service.
        host_name=f"node-{instance_id}",
        shared_names=(shared_name(colour),),
        memory_mib=nodes.memory_mib,
        health=HealthCheck(command=("sh", "-c", ready), start_period_s=limit_s),
        healthy_within_s=limit_s,
        stop_within_s=stop_within_s(nodes),
        environment=(f"SCIPIO_INSTANCE_ID={instance_id}",),
        files=node_files(args.document, args.secrets),
        volumes=[
            docker.ContainerVolumeArgs(
                volume_name=shared_files.name, container_path=args.shared_files_path
            )
        ],
        scratch=node_scratch(),
    )
