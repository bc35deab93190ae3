"""The images that the cluster's containers run, built on this machine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pulumi
import pulumi_docker as docker

from settings.node_groups import NodeGroup
from settings.release import ColourName

PROJECT_ROOT: Final = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, kw_only=True)
class ClusterImagesArgs:
    """`node_image` is an image of the ERP's node; None builds the reference node.

    A group of `groups` has either that one or its own.
    """

    cluster: str
    node_image: str | None
    groups: Sequence[NodeGroup]


class ClusterImages(pulumi.ComponentResource):
    """One image id for each role; an id changes when what the image is made of changes.

    Built images stay on the machine after the stack is destroyed, as a cache for the next one.
    """

    nodes: Mapping[ColourName, pulumi.Output[str]]
    broker: pulumi.Output[str]
    database: pulumi.Output[str]
    balancer: pulumi.Output[str]

    def __init__(
        self, name: str, args: ClusterImagesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:docker:ClusterImages", name, None, opts)
        self._cluster = args.cluster
        self.database = self._built("database", PROJECT_ROOT / "image" / "database")
        self.broker = self._built("broker", PROJECT_ROOT / "image" / "broker")
        self.balancer = self._built("balancer", PROJECT_ROOT / "image" / "balancer")
        self.nodes = self._nodes(args)
        self.register_outputs(
            {
                "nodes": dict(self.nodes),
                "broker": self.broker,
                "database": self.database,
                "balancer": self.balancer,
            }
        )

    def _nodes(self, args: ClusterImagesArgs) -> dict[ColourName, pulumi.Output[str]]:
        """Of each colour: the stack's one image once, and what a colour has instead."""
        own = {group.colour: group.image for group in args.groups if group.image != args.node_image}
        found = {
            colour: self._named(f"node-{colour}", image)
            for colour, image in own.items()
            if image is not None
        }
        if len(found) < len(args.groups):
            shared = self._node(args.node_image)
            found |= {group.colour: shared for group in args.groups if group.colour not in found}
        return found

    def _node(self, node_image: str | None) -> pulumi.Output[str]:
        if node_image is not None:
            return self._named("node", node_image)
        # The node copies `contract`, `templates` and `node`: its context is the project's root.
        return self._built("node", PROJECT_ROOT)

    def _named(self, name: str, image: str) -> pulumi.Output[str]:
        """The id of an image that is on this machine, or is pulled."""
        return docker.RemoteImage(
            name,
            name=image,
            keep_locally=True,
            opts=pulumi.ResourceOptions(parent=self),
        ).image_id

    def _built(self, role: str, context: Path) -> pulumi.Output[str]:
        """The id of the built image: a fixed tag would hide a rebuilt image from the containers."""
        return docker.Image(
            role,
            image_name=f"{self._cluster}-{role}:local",
            skip_push=True,
            build=docker.DockerBuildArgs(
                context=str(context),
                dockerfile=str(PROJECT_ROOT / "image" / role / "Dockerfile"),
            ),
            opts=pulumi.ResourceOptions(parent=self),
        ).repo_digest
