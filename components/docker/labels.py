"""The labels of every Docker object of a cluster: whose it is, and what it is for."""

from dataclasses import dataclass
from typing import Literal

import pulumi
import pulumi_docker as docker

from components.generated.state_mark import StateMark
from contract.labels import CLUSTER_LABEL, STATE_LABEL, STATE_MADE_LABEL, STATE_PLACE_LABEL

ROLE_LABEL = "scipio.role"

Role = Literal["network", "database", "broker", "node", "search", "balancer"]
"""What an object is for; a volume has the role of the container that writes it."""


@dataclass(frozen=True, kw_only=True)
class Owner:
    """Whose an object is: the cluster of this name, made by the state with this mark."""

    cluster: str
    mark: StateMark

    def labels(self, role: Role) -> dict[str, pulumi.Input[str]]:
        """The owner, and what the object does in the cluster."""
        return {
            CLUSTER_LABEL: self.cluster,
            ROLE_LABEL: role,
            STATE_LABEL: self.mark.value,
            STATE_PLACE_LABEL: self.mark.place,
            STATE_MADE_LABEL: self.mark.made,
        }


def network_labels(owner: Owner, role: Role) -> list[docker.NetworkLabelArgs]:
    return [
        docker.NetworkLabelArgs(label=label, value=value)
        for label, value in owner.labels(role).items()
    ]


def volume_labels(owner: Owner, role: Role) -> list[docker.VolumeLabelArgs]:
    return [
        docker.VolumeLabelArgs(label=label, value=value)
        for label, value in owner.labels(role).items()
    ]


def container_labels(owner: Owner, role: Role) -> list[docker.ContainerLabelArgs]:
    return [
        docker.ContainerLabelArgs(label=label, value=value)
        for label, value in owner.labels(role).items()
    ]
