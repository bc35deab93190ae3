"""What all containers of the cluster have in common."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_docker as docker

from components.docker.health_check import HealthCheck
from components.docker.labels import Owner, Role, container_labels
from contract.tcp_limits import SYSCTLS

LOG_FILES = 3
LOG_FILE_MIB = 10
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What the containers of one cluster share."""

    owner: Owner
    network_name: pulumi.Input[str]
    after: tuple[pulumi.Resource, ...] = ()
    """What must be healthy before the first of the containers starts, and outlive the last."""


@dataclass(frozen=True, kw_only=True)
class Service:
    """What makes one container different from the others."""

    role: Role
    image: pulumi.Input[str]
    host_name: str
    """Its name on the network."""
    memory_mib: int
    """The most it may use; there is no swap beside it."""
    health: HealthCheck
    healthy_within_s: int
    """Creation fails when it is not healthy by then."""
    stop_within_s: int
    """From the stop signal to the kill."""
    files: Sequence[docker.ContainerUploadArgs]
    entrypoint: Sequence[str] = ()
    """What it runs; empty: what its image says."""
    shared_names: tuple[str, ...] = ()
    """Names on the network that it shares with its like."""
    environment: Sequence[str] = ()
    volumes: Sequence[docker.ContainerVolumeArgs] = ()
    scratch: dict[str, str] | None = None
    """Memory file systems: mount point to mount options."""
    published: Sequence[docker.ContainerPortArgs] = ()


def service_container(
    name: str, service: Service, surroundings: Surroundings, parent: pulumi.Resource
) -> docker.Container:
    """A running, healthy container with bounded memory, bounded logs and the cluster's labels.

    It comes back by itself when its process ends or the machine restarts, not when a person
    stopped or killed it by hand.
    """
    memory_mib = service.memory_mib
    return docker.Container(
        name,
        image=service.image,
        entrypoints=list(service.entrypoint) or None,
        hostname=service.host_name,
        networks_advanced=[
            docker.ContainerNetworksAdvancedArgs(
                name=surroundings.network_name,
                aliases=[service.host_name, *service.shared_names],
            )
        ],
        ports=list(service.published) or None,
        envs=list(service.environment) or None,
        uploads=list(service.files) or None,
        volumes=list(service.volumes) or None,
        tmpfs=service.scratch,
        memory=memory_mib,
        # A peer whose host is gone is noticed within half a minute.
        sysctls=dict(SYSCTLS),
        # Both, or every preview shows a difference; the same number leaves no swap.
        memory_swap=memory_mib,
        restart="unless-stopped",
        healthcheck=service.health.arguments(),
        wait=True,
        wait_timeout=service.healthy_within_s,
        stop_timeout=service.stop_within_s,
        destroy_grace_seconds=service.stop_within_s,
        log_driver="json-file",
        log_opts={"max-size": f"{LOG_FILE_MIB}m", "max-file": str(LOG_FILES)},
        labels=container_labels(surroundings.owner, service.role),
        opts=pulumi.ResourceOptions(
            parent=parent,
            depends_on=list(surroundings.after),
            # An update in place leaves a running container's health check as it was.
            replace_on_changes=["healthcheck"],
        ),
    )


def published_port(*, internal: int, external: int) -> docker.ContainerPortArgs:
    """A port of the container, reached on this machine alone."""
    return docker.ContainerPortArgs(internal=internal, external=external, ip=LOOPBACK)
