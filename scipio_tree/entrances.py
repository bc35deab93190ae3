"""What a tree says of its own entrances: every mount point, and what needs no log-in there."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from contract.entrances import AnonymousRequest, Entrances, MountedWebapp, ViewLink, Visitors
from scipio_tree.component_lists import DEMO_APPLICATION
from scipio_tree.controllers import Controller, Controllers, Request
from scipio_tree.view_links import ANY_VIEW, view_links
from scipio_tree.webapps import Webapp, component_names, webapps_of

STORE_CONTROLLER: Final = "framework/common/webcommon/WEB-INF/common-store-controller.xml"
"""What the controllers of shops include, and those of staff pages do not."""

UNCLEAR: Final = "the tree does not say for whom, so it is taken to be for staff"


def entrances_of(home: Path, release: str) -> Entrances:
    """The entrances of the tree at `home`, whose release is called `release`.

    Without those of the demo application, which goes into no image.
    """
    components = component_names(home)
    controllers = Controllers(home, components)
    webapps = [each for each in webapps_of(home) if each.component != DEMO_APPLICATION]
    read = {
        webapp.mount_point: controllers.of(webapp.controller)
        for webapp in webapps
        if webapp.controller.is_file()
    }
    mounted = tuple(_mounted(webapp, webapps, read) for webapp in webapps)
    with_controller = [webapp for webapp in mounted if webapp.mount_point in read]
    staff = [read[each.mount_point] for each in with_controller if each.visitors == "staff"]
    shops = {each.component for each in with_controller if each.visitors == "public"}
    pages = {name: folder for name, folder in components.items() if name not in shops}
    return Entrances(
        release=release,
        webapps=mounted,
        view_links=tuple(_links_of_staff(home, pages, staff)),
    )


def _mounted(
    webapp: Webapp, others: Sequence[Webapp], read: Mapping[str, Controller]
) -> MountedWebapp:
    controller = read.get(webapp.mount_point, Controller())
    visitors, reason = _visitors(webapp, others, read)
    switches = webapp.web_xml is None or webapp.web_xml.switches_views
    return MountedWebapp(
        mount_point=webapp.mount_point,
        component=webapp.component,
        visitors=visitors,
        reason=reason,
        anonymous_requests=tuple(
            _anonymous(request, switches=switches)
            for _, request in sorted(controller.requests.items())
            if request.direct and not request.needs_log_in
        ),
        views=tuple(controller.public_views()) if switches else (),
        unread=tuple(sorted(controller.broken)),
    )


def _visitors(
    webapp: Webapp, others: Sequence[Webapp], read: Mapping[str, Controller]
) -> tuple[Visitors, str]:
    controller, web_xml = read.get(webapp.mount_point), webapp.web_xml
    if webapp.base_permission is not None:
        return "staff", f"its base-permission is {webapp.base_permission}"
    if controller is not None and STORE_CONTROLLER in controller.files:
        return "public", "its controller is that of a shop"
    if web_xml is not None and web_xml.redirects_to is not None:
        target = next((o for o in others if o.mount_point == web_xml.redirects_to), None)
        if target is not None and target is not webapp:
            return _visitors(target, others, read)[0], f"it leads to {target.mount_point}"
    if controller is None and web_xml is not None and not web_xml.programs:
        return "public", "it serves files alone"
    return "staff", UNCLEAR


def _anonymous(request: Request, *, switches: bool) -> AnonymousRequest:
    return AnonymousRequest(
        name=request.uri,
        event=f"{request.event_type} {request.event}".strip() if request.event_type else "",
        shows_views=request.shows_views and switches,
    )


def _links_of_staff(
    home: Path, components: Mapping[str, Path], staff: Sequence[Controller]
) -> Iterator[ViewLink]:
    """Those that lead to a request, and to a view or one that is computed, of a staff webapp."""
    found: dict[str, str] = {}
    for folder in components.values():
        for link, file in view_links(folder).items():
            found.setdefault(link, f"{folder.relative_to(home).as_posix()}/{file}")
    for link, file in sorted(found.items()):
        request, _, view = link.partition("/")
        having = [
            controller
            for controller in staff
            if request in controller.requests
            and (view == ANY_VIEW or view in controller.public_views())
        ]
        if having:
            yield ViewLink(
                link=link,
                file=file,
                needs_log_in=all(each.requests[request].needs_log_in for each in having),
            )
