"""What the container of every node has, whatever its role."""

from collections.abc import Mapping
from typing import Final

import pulumi
import pulumi_docker as docker

from components.docker.container_file import text_file
from settings.models import Nodes
from settings.sizing import first_node_start_s, node_end_s

RUN: Final = "/run/scipio"
_DOCUMENT: Final = "/etc/scipio/cluster.json"
_SECRETS: Final = "/etc/scipio/secrets"
_USER_ID: Final = 10001


def node_files(
    document: pulumi.Input[str], secrets: Mapping[str, pulumi.Input[str]]
) -> list[docker.ContainerUploadArgs]:
    """The cluster document, and each secret that it refers to."""
    return [
        text_file(_DOCUMENT, document),
        *(text_file(f"{_SECRETS}/{name}", value) for name, value in secrets.items()),
    ]


def node_scratch() -> dict[str, str]:
    """The agent's folder in memory, closed to everybody but the node's user."""
    return {RUN: f"rw,noexec,nosuid,nodev,size=16m,mode=0700,uid={_USER_ID},gid={_USER_ID}"}


def healthy_within_s(nodes: Nodes) -> int:
    """What a node may take to serve, on an empty database too."""
    return first_node_start_s(
        boot_timeout_s=nodes.boot_timeout_s, subscription_wait_s=nodes.subscription_wait_s
    )


def stop_within_s(nodes: Nodes) -> int:
    """What a node may take to end in order."""
    return node_end_s(drain_timeout_s=nodes.drain_timeout_s, stop_timeout_s=nodes.stop_timeout_s)
