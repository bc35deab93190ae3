"""Where visitors can enter the ERP of an image, as its tree says; made with the image."""

from typing import Literal

from contract.model import Contract

Visitors = Literal["public", "staff"]


class AnonymousRequest(Contract):
    """A request of a controller that is answered without a log-in."""

    name: str
    """`/<webapp>/control/<name>`."""
    event: str
    """What it runs, its type first: `service ping`; empty when it only leads on."""
    shows_views: bool
    """Whether a view named behind it, `/<webapp>/control/<name>/<view>`, is shown."""


class MountedWebapp(Contract):
    """A web application of a component that is loaded."""

    mount_point: str
    component: str
    visitors: Visitors
    """For whom it is made; where the tree does not say, for staff."""
    reason: str
    """What of the tree says so."""
    anonymous_requests: tuple[AnonymousRequest, ...] = ()
    views: tuple[str, ...] = ()
    """Those that are shown when they are named behind a request; an access of `internal`, of the
    view or by default, keeps one out."""
    unread: tuple[str, ...] = ()
    """Controllers that it includes and that are no XML or not there."""


class ViewLink(Contract):
    """A link of the tree's own staff pages that names a view behind a request."""

    link: str
    """`<request>/<view>`; `*` in the place of a view that is computed."""
    file: str
    needs_log_in: bool
    """Whether the request does, in every webapp that has it."""


class Entrances(Contract):
    """All mount points with their requests that need no log-in."""

    entrances_version: Literal[1] = 1
    release: str
    webapps: tuple[MountedWebapp, ...]
    view_links: tuple[ViewLink, ...]
