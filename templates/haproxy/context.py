"""What the balancer's configuration may name, and how it follows from the routing rules."""

import re
from dataclasses import dataclass, field
from typing import ClassVar

from contract.cluster_document import PublicEndpoint
from contract.request_threads import requests_waiting
from contract.routing import BlockedPath, Maintenance, RoutingRules
from templates.context import Context
from templates.output_kind import HAPROXY, OutputKind

AGENT_INTERVAL_S = 1
"""How often the balancer asks a node's agent for its sign (`node/balancer_sign.py`)."""

CONTROL = "/control"
"""Where the ERP's webapps have their controller's requests."""

_ANY_MOUNT = "(/[^/]+)*"
_ONE_MOUNT = "(/[^/]+)?"

VIEW_BEHIND_REQUEST = f"^{_ANY_MOUNT}{CONTROL}/[^/]+(/~[^/]*)*/[^~/]"
"""RequestHandler.getOverrideViewUri: any part behind the request's name that begins without `~`."""


@dataclass(frozen=True, kw_only=True)
class NodeAlias:
    """Nodes that share a name on the network; their servers are called `name` and a number."""

    name: str
    alias: str


@dataclass(frozen=True, kw_only=True)
class RequestLimits:
    """What one node gets of a burst; the rest waits in the balancer."""

    at_once: int
    waiting: int
    """For one node, at most."""


def request_limits(request_threads: int) -> RequestLimits:
    """The limits of a node that serves so many requests at once."""
    return RequestLimits(at_once=request_threads, waiting=requests_waiting(request_threads))


@dataclass(frozen=True, kw_only=True)
class DockerNodes:
    """Nodes found by Docker's own name server: one address for each container with an alias."""

    groups: tuple[NodeAlias, ...]
    port: int
    health_port: int
    """Where a node answers health checks, whatever its visitors do."""
    sign_port: int
    """Where a node's agent says whether to send visitors."""
    slots: int
    """As many as nodes of one group may ever run at once; empty slots cost nothing."""
    requests: RequestLimits
    by_name: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class NodeAddress:
    """One node at a fixed place."""

    name: str
    host: str
    port: int
    health_port: int
    sign_port: int


@dataclass(frozen=True, kw_only=True)
class StaticNodes:
    """Nodes at fixed places, where no name server knows them."""

    addresses: tuple[NodeAddress, ...]
    requests: RequestLimits
    by_name: ClassVar[bool] = False


@dataclass(frozen=True, kw_only=True)
class Listeners:
    """Where the balancer listens; ports above 1024, because it runs without privileges."""

    https_port: int = 8443
    http_port: int = 8080
    statistics_port: int = 8404
    address: str = "*"
    control_folder: str | None = None
    """Where `admin.sock` is made, by which servers are drained, and `servers` is read, in which a
    drained server outlives HAProxy; None: there is neither."""


@dataclass(frozen=True, kw_only=True)
class MaintenancePage:
    """What all but these addresses get."""

    page: str
    still_in: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class BlockedPattern:
    """A blocked path as a regular expression over the normalised path."""

    pattern: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class BalancerConfiguration(Context):
    """The balancer of one cluster; made by `balancer_configuration`."""

    template: ClassVar[str] = "haproxy/haproxy.cfg.j2"
    kind: ClassVar[OutputKind] = HAPROXY

    listen: Listeners
    certificate_path: str
    """PEM file as HAProxy sees it: certificate, chain and key."""
    public_host: str
    public_origin: str
    """`https://host`, with the port unless it is 443."""
    public_https_port: int
    nodes: DockerNodes | StaticNodes
    dynamic_cookie_key: str = field(repr=False)
    """Turns a node's address into its cookie value; equal for as long as cookies shall hold."""
    cookie_name: str
    stickiness_s: int
    health_path: str
    health_interval_s: int
    agent_interval_s: int = AGENT_INTERVAL_S
    healthy_threshold: int
    unhealthy_threshold: int
    root_redirect: str
    blocked: tuple[BlockedPattern, ...]
    public: tuple[str, ...]
    """Regular expressions over the normalised path: mount points for everyone."""
    view_behind_request: str = VIEW_BEHIND_REQUEST
    allowed_views: tuple[str, ...] = ()
    """Which of those paths the back office uses itself."""
    back_office_cidrs: tuple[str, ...] = ()
    """Who may reach the back office; none: everyone."""
    maintenance: MaintenancePage | None = None
    """Which page others than its `still_in` get; None: visitors are served."""


def balancer_configuration(
    *,
    routing: RoutingRules,
    public_endpoint: PublicEndpoint,
    nodes: DockerNodes | StaticNodes,
    certificate_path: str,
    dynamic_cookie_key: str,
    listen: Listeners,
) -> BalancerConfiguration:
    """The context of `haproxy.cfg.j2`; give it to `templates.renderer.render`."""
    port = "" if public_endpoint.https_port == 443 else f":{public_endpoint.https_port}"
    return BalancerConfiguration(
        listen=listen,
        certificate_path=certificate_path,
        public_host=public_endpoint.host,
        public_origin=f"https://{public_endpoint.host}{port}",
        public_https_port=public_endpoint.https_port,
        nodes=nodes,
        dynamic_cookie_key=dynamic_cookie_key,
        cookie_name=routing.cookie_name,
        stickiness_s=routing.stickiness_s,
        health_path=routing.health_path,
        health_interval_s=routing.health_interval_s,
        healthy_threshold=routing.healthy_threshold,
        unhealthy_threshold=routing.unhealthy_threshold,
        root_redirect=routing.root_redirect,
        blocked=tuple(
            BlockedPattern(pattern=blocked_pattern(blocked), reason=blocked.reason)
            for blocked in routing.blocked
        ),
        public=tuple(_below(path) for path in routing.public_paths),
        allowed_views=tuple(
            _below(path, mount=_ONE_MOUNT + CONTROL) for path in routing.view_paths
        ),
        back_office_cidrs=routing.back_office_cidrs,
        maintenance=_page(routing.maintenance),
    )


def _page(maintenance: Maintenance | None) -> MaintenancePage | None:
    if maintenance is None:
        return None
    return MaintenancePage(page=maintenance.page, still_in=maintenance.still_in)


def blocked_pattern(blocked: BlockedPath) -> str:
    """A regular expression over a path in lower case: this path and all below it.

    `any-webapp` takes a mount point of any depth, the root included: a wider block is the safe one.
    """
    return _below(blocked.path, mount="" if blocked.match == "prefix" else _ANY_MOUNT)


def _below(path: str, mount: str = "") -> str:
    return f"^{mount}{re.escape(path.lower().rstrip('/'))}(/|$)"
