"""What the templates of a server's user data may name."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from contract.names import NodeRole, Port
from templates.context import Context
from templates.output_kind import CLOUD_CONFIG, ENVIRONMENT_FILE, SYSTEMD_UNIT, OutputKind


@dataclass(frozen=True, kw_only=True)
class NodeUserData(Context):
    """The files of a server, each as its whole text; made by `templates.userdata.node`."""

    template: ClassVar[str] = "userdata/node.yaml.j2"
    kind: ClassVar[OutputKind] = CLOUD_CONFIG

    document: str
    environment: str
    node_service: str
    lifecycle_service: str
    prepare_node: str
    start_node: str
    watch_lifecycle: str


@dataclass(frozen=True, kw_only=True)
class ServerEnvironment(Context):
    """What the scripts of a server are given: everything but its own instance id."""

    template: ClassVar[str] = "userdata/server.env.j2"
    kind: ClassVar[OutputKind] = ENVIRONMENT_FILE

    region: str
    group: str
    """Name of the Auto Scaling group."""
    launch_hook: str
    terminate_hook: str
    ready_within_s: int
    """Since the server's boot: a node that does not answer by then is given up."""
    back_within_s: int
    """A node that served and stays away for longer takes its server with it."""
    let_go_within_s: int
    """From the end's announcement until the load balancer has let go for sure."""
    drain_within_s: int
    """A node that has not stopped by then loses its server all the same."""
    stop_within_s: int
    """From the stop signal to the kill of the container."""
    image: str
    registry: str
    """Host name of the ECR registry of `image`; empty for an image that is elsewhere."""
    role: NodeRole
    port: Port
    """Of the container and of the server: where the balancer finds the node."""
    health_port: Port | Literal[""]
    memory_mib: int
    user_id: int
    """The user of the container, who owns what it writes."""
    references: str
    """Of secrets: `<name>=<ARN>`, or with `#<key>` behind it, with blanks between them."""
    preparation_references: str
    """The same of those that are read until the node has served for the first time."""
    serving_profile: str
    """ARN of the instance profile that may not read them."""
    log_group: str
    file_system: str
    """Id of the EFS file system; empty: this server has no shared files."""
    access_point: str
    shared_path: str


@dataclass(frozen=True, kw_only=True)
class NodeService(Context):
    """The unit that keeps the node's container running."""

    template: ClassVar[str] = "userdata/node.service.j2"
    kind: ClassVar[OutputKind] = SYSTEMD_UNIT

    stop_within_s: int
