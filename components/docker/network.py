"""The network on which the cluster's containers find each other by name."""

from dataclasses import dataclass

import pulumi
import pulumi_docker as docker

from components.docker.labels import Owner, network_labels


@dataclass(frozen=True, kw_only=True)
class ClusterNetworkArgs:
    """`owner` is what every Docker object of the cluster carries as labels."""

    owner: Owner


class ClusterNetwork(pulumi.ComponentResource):
    """One bridge network of the cluster's own: nothing else on the machine is reached by name.

    Replacing it replaces every container.
    """

    network_name: pulumi.Output[str]

    def __init__(
        self, name: str, args: ClusterNetworkArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:docker:ClusterNetwork", name, None, opts)
        network = docker.Network(
            name,
            labels=network_labels(args.owner, "network"),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.network_name = network.name
        self.register_outputs({"networkName": self.network_name})
