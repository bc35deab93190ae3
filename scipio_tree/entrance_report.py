"""What strangers can enter of a tree, and what of it the routing rules shut, in sentences."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from contract.entrances import AnonymousRequest, Entrances, MountedWebapp
from contract.routing import RoutingRules
from scipio_tree.entrances import UNCLEAR
from scipio_tree.view_links import ANY_VIEW
from templates.haproxy.context import CONTROL, blocked_pattern

GATEWAYS: Final = ("soap", "xmlrpc", "service-stream")
"""Types of events that run a service of the visitor's choice or stream one."""
HTTP_ENGINE: Final = "HttpEngine"
SERVICES: Final = ("service", "service-multi")


def facts(entrances: Entrances, routing: RoutingRules) -> list[str]:
    """How many entrances there are, and what becomes of them."""
    mounts = [webapp.mount_point for webapp in entrances.webapps]
    staff = [webapp for webapp in entrances.webapps if webapp.visitors == "staff"]
    anonymous = [request for webapp in staff for request in webapp.anonymous_requests]
    doors = sum(request.shows_views for request in anonymous)
    views = {view for webapp in staff for view in webapp.views}
    refused = [
        *(mount for mount in mounts if is_blocked(mount, routing)),
        *(path for path, _, _ in _requests(entrances) if is_blocked(path, routing)),
    ]
    return [
        f"{len(mounts)} mount points, of which for everyone: "
        f"{_list(mount for mount in mounts if _is_public(mount, routing))}",
        f"{len(anonymous)} requests of {len(staff)} webapps for staff need no log-in; behind "
        f"{doors} of them one of {len(views)} views could be named, which the balancer refuses",
        f"refused to everyone: {_list(refused)}",
    ]


def remarks(entrances: Entrances, routing: RoutingRules) -> list[str]:
    """What a person should decide."""
    return [
        *_mount_points(entrances, routing),
        *_unread(entrances),
        *_services(entrances, routing),
        *_view_links(entrances, routing),
    ]


def is_blocked(path: str, routing: RoutingRules) -> bool:
    """Whether the balancer refuses `path` to everyone, by its own expressions."""
    return any(re.match(blocked_pattern(each), path.lower()) for each in routing.blocked)


def _is_public(mount_point: str, routing: RoutingRules) -> bool:
    return any(f"{mount_point}/".startswith(f"{path}/") for path in routing.public_paths)


def _requests(entrances: Entrances) -> Iterator[tuple[str, MountedWebapp, AnonymousRequest]]:
    """Path, webapp and request."""
    for webapp in entrances.webapps:
        for request in webapp.anonymous_requests:
            yield f"{webapp.mount_point.rstrip('/')}{CONTROL}/{request.name}", webapp, request


def _mount_points(entrances: Entrances, routing: RoutingRules) -> Iterator[str]:
    left = [each for each in entrances.webapps if not is_blocked(each.mount_point, routing)]
    unlisted = [each for each in left if not _is_public(each.mount_point, routing)]
    listed = [each for each in left if _is_public(each.mount_point, routing)]
    if closed := [each.mount_point for each in unlisted if each.visitors == "public"]:
        yield (
            f"{_list(closed)}: made for everyone or files alone, and not in balancer.publicPaths: "
            "with balancer.backOfficeCidrs, strangers do not reach it. Name there what they shall."
        )
    if unclear := [each.mount_point for each in unlisted if each.reason == UNCLEAR]:
        yield (
            f"{_list(unclear)}: {UNCLEAR}. If it is for everyone, name it in balancer.publicPaths."
        )
    for each in listed:
        if each.visitors == "staff":
            yield (
                f"{each.mount_point}: {each.reason}, and balancer.publicPaths opens it to "
                "everyone, with every view behind its requests."
            )


def _unread(entrances: Entrances) -> Iterator[str]:
    for file in sorted({file for webapp in entrances.webapps for file in webapp.unread}):
        yield f"{file}: a controller that cannot be read: its requests are not in this list."


def _services(entrances: Entrances, routing: RoutingRules) -> Iterator[str]:
    """What runs services for strangers, and is not blocked."""
    gateways: dict[str, None] = {}
    services: dict[str, None] = {}
    for path, webapp, request in _requests(entrances):
        if is_blocked(path, routing):
            continue
        kind = request.event.partition(" ")[0]
        if kind in GATEWAYS or HTTP_ENGINE in request.event:
            gateways[path] = None
        elif webapp.visitors == "staff" and kind in SERVICES:
            services[request.name] = None
    if gateways:
        yield (
            f"{_list(gateways)}: runs services without a log-in. Name it in balancer.blockedPaths "
            "unless strangers shall call it."
        )
    if services:
        yield (
            f"{_list(services)}: requests of webapps for staff that run a service without a "
            "log-in; whether it asks for one itself, its definition says. Name those that do not "
            'in balancer.blockedPaths, as "*/control/…".'
        )


def _view_links(entrances: Entrances, routing: RoutingRules) -> Iterator[str]:
    refused = [each for each in entrances.view_links if not _is_allowed(each.link, routing)]
    with_log_in = [each for each in refused if each.needs_log_in]
    without = [each for each in refused if not each.needs_log_in]
    if with_log_in:
        yield (
            f"{_list(each.link for each in with_log_in)}: links of your own pages "
            f"({with_log_in[0].file}) that the balancer refuses. Name them in balancer.viewPaths."
        )
    if without:
        yield (
            f"{_list(each.link for each in without)}: links of the tree's pages "
            f"({without[0].file}) that the balancer refuses, because the request needs no log-in. "
            "Name one in balancer.viewPaths only if its page asks for a permission itself."
        )


def _is_allowed(link: str, routing: RoutingRules) -> bool:
    path = f"/{link}".removesuffix(f"/{ANY_VIEW}")
    return any(f"{path}/".startswith(f"{allowed}/") for allowed in routing.view_paths)


def _list(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"
