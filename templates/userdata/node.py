"""The user data of a server: its files, put together to one cloud-config."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from contract.names import NodeRole, Port
from templates.renderer import render
from templates.userdata.context import NodeService, NodeUserData, ServerEnvironment

LAUNCH_HOOK: Final = "launch"
TERMINATE_HOOK: Final = "terminate"
"""Names of the group's lifecycle hooks, which the server completes."""

NODE_USER_ID: Final = 10001
"""The user `scipio` of the node's image."""

USER_DATA_MAX_BYTES: Final = 16 * 1024
"""What EC2 takes, before base64 (AWSEC2/latest/UserGuide/user-data)."""

_FOLDER = Path(__file__).parent
_COMMENT_LINE = re.compile(r"^ *#(?!!).*\n", re.MULTILINE)
_INDENTATION = re.compile(r"^ +", re.MULTILINE)
_ECR_HOST = re.compile(r"[0-9]{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?")


class UserDataTooLongError(Exception):
    """The user data of a server is longer than EC2 takes."""

    def __init__(self, length: int) -> None:
        self.length = length
        super().__init__(
            f"user data: got {length} bytes; must be at most {USER_DATA_MAX_BYTES}, the limit of "
            "EC2. Most of what varies is the cluster document: put certificates in the image."
        )


@dataclass(frozen=True, kw_only=True)
class SharedFileSystem:
    """Shared files in EFS, and where every node sees them."""

    file_system_id: str
    access_point_id: str
    path: str


@dataclass(frozen=True, kw_only=True)
class ServerSecret:
    """A secret of Secrets Manager, and the name under which the node finds its value."""

    name: str
    arn: str
    key: str | None = None
    """Picks one value of a JSON object."""

    def __str__(self) -> str:
        return f"{self.name}={self.arn}" + ("" if self.key is None else f"#{self.key}")


@dataclass(frozen=True, kw_only=True)
class NodeServer:
    """A server of a node, as all servers of its group are; nothing of it is secret."""

    document: str
    """The cluster document as JSON, indented for people."""
    image: str
    """By its digest, so that user data changes exactly when the image does."""
    role: NodeRole
    port: Port
    health_port: Port | None
    """Where the load balancer asks for the node's health; None: it does not ask the JVM."""
    memory_mib: int
    region: str
    group: str
    """Name of the Auto Scaling group, whose lifecycle actions the server completes."""
    secrets: tuple[ServerSecret, ...]
    preparation_secrets: tuple[ServerSecret, ...]
    """Readable for as long as the server has the instance profile that it was launched with."""
    serving_profile: str
    """ARN of the instance profile that it takes on once its node has served."""
    log_group: str
    shared_files: SharedFileSystem | None
    ready_within_s: int
    back_within_s: int
    let_go_within_s: int
    drain_within_s: int
    stop_within_s: int


def node_user_data(server: NodeServer) -> str:
    """The cloud-config as plain text. Raises `UserDataTooLongError`, and RenderError."""
    text = render(
        NodeUserData(
            document=server.document,
            environment=render(_environment(server)),
            node_service=_short(render(NodeService(stop_within_s=server.stop_within_s))),
            lifecycle_service=_file("lifecycle.service"),
            prepare_node=_script("prepare-node.sh"),
            start_node=_script("start-node.sh"),
            watch_lifecycle=_script("watch-lifecycle.sh"),
        )
    )
    length = len(text.encode())
    if length > USER_DATA_MAX_BYTES:
        raise UserDataTooLongError(length)
    return text


def ecr_registry(image: str) -> str | None:
    """Host name of the ECR registry that the image is in; None: it is somewhere else."""
    host = image.split("/", 1)[0]
    return host if _ECR_HOST.fullmatch(host) else None


def _environment(server: NodeServer) -> ServerEnvironment:
    files = server.shared_files
    return ServerEnvironment(
        region=server.region,
        group=server.group,
        launch_hook=LAUNCH_HOOK,
        terminate_hook=TERMINATE_HOOK,
        ready_within_s=server.ready_within_s,
        back_within_s=server.back_within_s,
        let_go_within_s=server.let_go_within_s,
        drain_within_s=server.drain_within_s,
        stop_within_s=server.stop_within_s,
        image=server.image,
        registry=ecr_registry(server.image) or "",
        role=server.role,
        port=server.port,
        health_port=server.health_port or "",
        memory_mib=server.memory_mib,
        user_id=NODE_USER_ID,
        references=" ".join(map(str, server.secrets)),
        preparation_references=" ".join(map(str, server.preparation_secrets)),
        serving_profile=server.serving_profile,
        log_group=server.log_group,
        file_system="" if files is None else files.file_system_id,
        access_point="" if files is None else files.access_point_id,
        shared_path="" if files is None else files.path,
    )


def _script(name: str) -> str:
    """As a server gets it: see `_short`."""
    return _short(_file(name))


def _short(text: str) -> str:
    """Without comments and indentation, a fifth of what EC2 takes; the files here have both."""
    return _INDENTATION.sub("", _COMMENT_LINE.sub("", text))


def _file(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
