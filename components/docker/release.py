"""The colour that new visitors get."""

from dataclasses import dataclass

import pulumi
import pulumi_docker as docker

from components.docker.health_check import HealthCheck
from components.docker.service_container import Service, Surroundings, service_container
from settings.release import ColourName

_MEMORY_MIB = 32
_HEALTHY_WITHIN_S = 120
"""Nodes are healthy by then; the balancer finds them so a few seconds later."""
_STOP_WITHIN_S = 10


@dataclass(frozen=True, kw_only=True)
class ActiveColourArgs:
    """`surroundings` come after nodes and balancer: there are nodes to switch to.

    `image` is the balancer's, and `control` mounts the folder with its admin socket.
    """

    surroundings: Surroundings
    image: pulumi.Input[str]
    control: docker.ContainerVolumeArgs
    active: ColourName


class ActiveColour(pulumi.ComponentResource):
    """The balancer sends new visitors to the active colour alone; those of the other one stay.

    A switch replaces one small container beside the balancer, which says it to HAProxy as it runs:
    no node and no connection is touched. Creation fails when no node of the colour is up.
    """

    def __init__(
        self, name: str, args: ActiveColourArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:docker:ActiveColour", name, None, opts)
        service_container("release", _release(args), args.surroundings, parent=self)
        self.register_outputs({})


def _release(args: ActiveColourArgs) -> Service:
    return Service(
        role="balancer",
        image=args.image,
        entrypoint=("balancer-release",),
        host_name="release",
        memory_mib=_MEMORY_MIB,
        health=HealthCheck(
            command=("balancer-release", "--check"), start_period_s=_HEALTHY_WITHIN_S
        ),
        healthy_within_s=_HEALTHY_WITHIN_S,
        stop_within_s=_STOP_WITHIN_S,
        environment=(f"ACTIVE_COLOUR={args.active}",),
        files=(),
        volumes=[args.control],
    )
