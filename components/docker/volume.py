"""Where the cluster's containers keep what outlives them."""

import pulumi
import pulumi_docker as docker

from components.docker.labels import Role, volume_labels
from components.docker.service_container import Surroundings


def data_volume(
    name: str, role: Role, surroundings: Surroundings, parent: pulumi.Resource
) -> docker.Volume:
    """A volume with the cluster's labels, written by the containers of a role.

    Docker cannot change a volume's labels, so other labels would replace it and lose its data: one
    that is there keeps those that it was made with.
    """
    return docker.Volume(
        name,
        labels=volume_labels(surroundings.owner, role),
        opts=pulumi.ResourceOptions(parent=parent, ignore_changes=["labels"]),
    )
