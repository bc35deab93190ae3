"""The labels of every Docker object of a cluster, by which leftovers are found."""

from typing import Literal

import pulumi_docker as docker

from contract.labels import CLUSTER_LABEL

ROLE_LABEL = "scipio.role"

Role = Literal["network", "database", "broker", "node", "search", "balancer"]
"""What an object is for; a volume has the role of the container that writes it."""


def labels(cluster: str, role: Role) -> dict[str, str]:
    """The cluster's name, and what the object does in it."""
    return {CLUSTER_LABEL: cluster, ROLE_LABEL: role}


def network_labels(cluster: str, role: Role) -> list[docker.NetworkLabelArgs]:
    return [
        docker.NetworkLabelArgs(label=label, value=value)
        for label, value in labels(cluster, role).items()
    ]


def volume_labels(cluster: str, role: Role) -> list[docker.VolumeLabelArgs]:
    return [
        docker.VolumeLabelArgs(label=label, value=value)
        for label, value in labels(cluster, role).items()
    ]


def container_labels(cluster: str, role: Role) -> list[docker.ContainerLabelArgs]:
    return [
        docker.ContainerLabelArgs(label=label, value=value)
        for label, value in labels(cluster, role).items()
    ]
