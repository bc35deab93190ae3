"""The web applications of a tree: where they are mounted, and what their web.xml says."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scipio_tree.layout import COMPONENT_FOLDERS, component_file, components
from templates.errors import NotParsable
from templates.syntax import xml

COMPONENT_LIST: Final = "component-load.xml"
"""Of a folder of components: those that are loaded. Without it, all are (ComponentContainer)."""
WEB_XML: Final = "WEB-INF/web.xml"
CONTROLLER: Final = "WEB-INF/controller.xml"
REDIRECT_FILTER: Final = "SimpleRedirectFilter"
EXPIRY_FILTER: Final = "ExpiresFilter"
VIEW_SWITCH: Final = "allowOverrideViewUri"
"""Context parameter of web.xml: whether a view's name counts behind a request (RequestHandler)."""


@dataclass(frozen=True, kw_only=True)
class WebXml:
    """What of a web.xml says whom a webapp serves."""

    programs: bool
    """Whether it has servlets of its own, or filters but for expiry; without, it serves files."""
    redirects_to: str | None
    """Where every request is led, when nothing else is done."""
    switches_views: bool


@dataclass(frozen=True, kw_only=True)
class Webapp:
    """One `<webapp>` of a component that is loaded."""

    component: str
    name: str
    mount_point: str
    folder: Path
    base_permission: str | None
    web_xml: WebXml | None
    """None: there is none, or it is no XML."""

    @property
    def controller(self) -> Path:
        """Its controller.xml, there or not."""
        return self.folder / CONTROLLER


def component_names(home: Path) -> dict[str, Path]:
    """Name, as `component://name/` says it, → folder, of the components that are loaded."""
    return {_name(root, folder): folder for folder, root in _loaded(home)}


def webapps_of(home: Path) -> list[Webapp]:
    """All that are mounted, by mount point."""
    found = [webapp for folder, root in _loaded(home) for webapp in _of_component(folder, root)]
    return sorted(found, key=lambda webapp: webapp.mount_point)


def _loaded(home: Path) -> Iterator[tuple[Path, xml.Element]]:
    listed = {parent: _listed(home / parent / COMPONENT_LIST) for parent in COMPONENT_FOLDERS}
    for folder in components(home):
        names = listed[folder.parent.name]
        if names is not None and folder.name not in names:
            continue
        file = component_file(folder)
        assert file is not None
        try:
            root = xml.parse(file.read_bytes())
        except NotParsable:
            # The ERP says so itself and leaves the component out.
            continue
        if root.get("enabled") != "false":
            yield folder, root


def _listed(file: Path) -> frozenset[str] | None:
    if not file.is_file():
        return None
    try:
        root = xml.parse(file.read_bytes())
    except NotParsable:
        return None
    return frozenset(
        str(entry.get("component-location", "")).strip("/") for entry in root.iter("load-component")
    )


def _name(root: xml.Element, folder: Path) -> str:
    return str(root.get("name") or folder.name)


def _of_component(folder: Path, root: xml.Element) -> Iterator[Webapp]:
    for entry in root.iter("webapp"):
        place = folder / str(entry.get("location", "")).strip("/")
        permission = str(entry.get("base-permission") or "")
        yield Webapp(
            component=_name(root, folder),
            name=str(entry.get("name") or place.name),
            mount_point=_mount_point(entry),
            folder=place,
            base_permission=permission if permission not in ("", "NONE") else None,
            web_xml=_web_xml(place / WEB_XML),
        )


def _mount_point(entry: xml.Element) -> str:
    """As ComponentConfig.WebappInfo reads it: the name where none is given, without `/*`."""
    given = str(entry.get("mount-point") or f"/{entry.get('name', '')}")
    return "/" + given.removesuffix("*").strip("/")


def _web_xml(file: Path) -> WebXml | None:
    if not file.is_file():
        return None
    try:
        root = xml.parse(file.read_bytes())
    except NotParsable:
        return None
    parameters = dict(_parameters(root, "{*}context-param"))
    filters = {str(each.findtext("{*}filter-name")) for each in root.iter("{*}filter-mapping")}
    servlets = next(root.iter("{*}servlet-mapping"), None) is not None
    leads_on = filters == {REDIRECT_FILTER} and not servlets
    target = dict(_parameters(root, "{*}filter/{*}init-param")).get("replacement")
    return WebXml(
        programs=servlets or bool(filters - {EXPIRY_FILTER}),
        redirects_to=target if leads_on else None,
        switches_views=parameters.get(VIEW_SWITCH, "true").lower() != "false",
    )


def _parameters(root: xml.Element, path: str) -> Iterator[tuple[str, str]]:
    for each in root.iterfind(path):
        name, value = each.findtext("{*}param-name"), each.findtext("{*}param-value")
        if name is not None and value is not None:
            yield name.strip(), value.strip()
