"""The shape of the routing rules that every balancer of the cluster obeys; values in settings/."""

from typing import Annotated, Literal

from pydantic import Field

from contract.model import Contract
from contract.names import Cidr, CookieName, NamedPath, PathPrefix, Seconds, StickinessSeconds


class BlockedPath(Contract):
    """A path that no visitor may reach; `reason` is printed in comments and documents."""

    path: NamedPath
    match: Literal["prefix", "any-webapp"] = "prefix"
    """`prefix`: this path and all below; `any-webapp`: `/<webapp>` + path, for every webapp."""
    reason: str


MAINTENANCE_PAGE_MAX_LENGTH = 1024
"""Bytes that a load balancer answers itself (API reference, FixedResponseActionConfig)."""


class Maintenance(Contract):
    """While it lasts, a visitor who is not `still_in` gets this page, with 503 for every path."""

    page: Annotated[str, Field(max_length=MAINTENANCE_PAGE_MAX_LENGTH)]
    """HTML of one line."""
    still_in: tuple[Cidr, ...] = ()


class RoutingRules(Contract):
    """What the balancer does with a request before a node sees it."""

    health_path: PathPrefix
    root_redirect: PathPrefix
    blocked: tuple[BlockedPath, ...]
    public_paths: tuple[NamedPath, ...] = ()
    """Mount points for everyone, each with all below. Every other path is the back office."""
    view_paths: tuple[NamedPath, ...] = ()
    """In the back office nothing may stand behind a request's name, `/<webapp>/control/<request>`,
    but parts that begin with `~`, and these: `/<request>/<view>`, or `/<request>` with any view."""
    back_office_cidrs: tuple[Cidr, ...] = ()
    """Who may reach the back office; empty: everyone."""
    cookie_name: CookieName = "SCIPIO_NODE"
    stickiness_s: StickinessSeconds
    health_interval_s: Annotated[Seconds, Field(ge=1)] = 2
    healthy_threshold: Annotated[int, Field(ge=1)] = 2
    unhealthy_threshold: Annotated[int, Field(ge=1)] = 2
    maintenance: Maintenance | None = None
    """None: visitors are served."""
