"""Controllers of a tree with their includes, as the ERP puts them together (ConfigXMLReader.java).

Requests that Java code declares by annotation are not in these files, and not seen here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from templates.errors import NotParsable
from templates.syntax import xml

SCHEME: Final = "component://"
ANY_COMPONENT: Final = "component://*/"
VIEW_RESPONSES: Final = frozenset(
    {"view", "view-last", "view-last-noparam", "view-home", "request", "cross-redirect"}
)
"""Types of a `success` response after which a view named behind the request is shown:
RequestHandler.java, `_POST_CHAIN_VIEW_` and the uses of `overrideViewUri`."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """One `<request-map>`."""

    uri: str
    needs_log_in: bool
    direct: bool
    """False: only other requests lead to it."""
    event_type: str | None
    event: str
    """`path#invoke` of its event, as far as they are given."""
    shows_views: bool
    """Whether a view's name behind the request can be shown by it."""


@dataclass(kw_only=True)
class Controller:
    """One file with all that it includes."""

    requests: dict[str, Request] = field(default_factory=dict)
    views: dict[str, str | None] = field(default_factory=dict)
    """Name → access, None where the file says none."""
    default_view_access: str | None = None
    files: set[str] = field(default_factory=set)
    """Paths relative to the tree."""
    broken: set[str] = field(default_factory=set)
    """Files that are no XML, or missing and not optional."""

    def public_views(self) -> list[str]:
        """Views that a visitor may name behind a request."""
        default = self.default_view_access or "public"
        return sorted(
            name for name, access in self.views.items() if (access or default) == "public"
        )


class Controllers:
    """The controllers of one tree. `components` are name → folder."""

    def __init__(self, home: Path, components: Mapping[str, Path]) -> None:
        self._home = home
        self._components = components
        self._read: dict[Path, Controller] = {}

    def of(self, file: Path) -> Controller:
        """`file` with its includes; later ones win over earlier ones, as in the ERP."""
        if file not in self._read:
            # Entered before it is filled: a ring of includes ends here.
            self._read[file] = Controller()
            self._fill(self._read[file], file)
        return self._read[file]

    def _fill(self, controller: Controller, file: Path) -> None:
        path = str(file.relative_to(self._home))
        controller.files.add(path)
        try:
            root = xml.parse(file.read_bytes())
        except (NotParsable, FileNotFoundError):
            controller.broken.add(path)
            return
        after = [each for each in root.iterfind("include") if each.get("order") == "post-local"]
        before = [each for each in root.iterfind("include") if each not in after]
        access: list[str | None] = []
        for include in before:
            access.append(self._take(controller, include))
        for entry in root.iterfind("request-map"):
            request = _request(entry)
            controller.requests[request.uri] = request
        for entry in root.iterfind("view-map"):
            controller.views[str(entry.get("name", ""))] = entry.get("access") or None
        settings = root.find("common-settings/view-map-settings")
        access.append(settings.get("default-view-access") if settings is not None else None)
        for include in after:
            access.append(self._take(controller, include))
        controller.default_view_access = next((each for each in reversed(access) if each), None)

    def _take(self, controller: Controller, include: xml.Element) -> str | None:
        """Adds what is included; its default access to views, or None."""
        access = None
        for file in self._places(str(include.get("location", ""))):
            if not file.is_file():
                if include.get("optional") != "true":
                    controller.broken.add(str(include.get("location")))
                continue
            other = self.of(file)
            controller.requests |= other.requests
            controller.views |= other.views
            controller.files |= other.files
            controller.broken |= other.broken
            access = other.default_view_access or access
        return access

    def _places(self, location: str) -> Iterator[Path]:
        if location.startswith(ANY_COMPONENT):
            for folder in self._components.values():
                yield folder / location.removeprefix(ANY_COMPONENT)
        elif location.startswith(SCHEME):
            name, _, path = location.removeprefix(SCHEME).partition("/")
            yield self._components.get(name, self._home / "no such component" / name) / path


def _request(entry: xml.Element) -> Request:
    security = entry.find("security")
    event = entry.find("event")
    success = [each for each in entry.iterfind("response") if each.get("name") == "success"]
    types = {str(each.get("type", "")) for each in success}
    return Request(
        uri=str(entry.get("uri", "")),
        needs_log_in=security is not None and security.get("auth") == "true",
        direct=security is None or security.get("direct-request") != "false",
        event_type=str(event.get("type")) if event is not None else None,
        event=_event(event) if event is not None else "",
        shows_views=bool(types & VIEW_RESPONSES),
    )


def _event(event: xml.Element) -> str:
    return "#".join(str(event.get(name)) for name in ("path", "invoke") if event.get(name))
