"""framework/catalina/scipio-component.xml: a connector behind a balancer that ends TLS, and one
for health checks."""

from templates.context import Context
from templates.overlay.contexts import HealthConnector, HttpConnector
from templates.overlay.files import TreeText
from templates.overlay.fragment import rendered_root
from templates.overlay.xml_source import Element, XmlSource
from templates.renderer import render
from templates.syntax import xml

_UNUSED_CONNECTORS = ("ajp-connector", "https-connector")
_STOCK_LOG_PATTERN = '%h %l %u %t "%r" %s %b "%{Referer}i" "%{User-Agent}i"'
_LOG_PATTERN = _STOCK_LOG_PATTERN.replace("%h", "%{X-Forwarded-For}i", 1)
_LOOPBACK = ("127.", "localhost", "::1", "[::1]")


def merge_catalina(
    own: TreeText, http: HttpConnector, health: HealthConnector, instance_id: str
) -> bytes:
    """The tree's component file with what a cluster needs. Raises OverlayError.

    Only the container that serves is touched; the one for tests stays.
    """
    source = XmlSource(own)
    container = source.one(source.root, "container", name="catalina-container")
    for name in _UNUSED_CONNECTORS:
        for connector in container.named("property", name=name, value="connector"):
            source.remove(connector)
    connector = source.one(container, "property", name="http-connector", value="connector")
    _refuse_loopback(source, connector)
    _set_properties(source, connector, http)
    _set_health_connector(source, container, connector, health)
    _set_engine(source, container, instance_id)
    return source.finished()


def own_threads(own: TreeText) -> str | None:
    """The tree's own `maxThreads` of the connector, which the merge replaces."""
    source = XmlSource(own)
    container = source.one(source.root, "container", name="catalina-container")
    connector = source.one(container, "property", name="http-connector", value="connector")
    return next(
        (_value(source, each) for each in connector.named("property", name="maxThreads")), None
    )


def _set_health_connector(
    source: XmlSource, container: Element, http: Element, health: HealthConnector
) -> None:
    """A tree that already has the connector keeps it, put right; else it follows the other one."""
    own = container.named("property", name="health-connector", value="connector")
    if own:
        connector = source.only(own, '<property name="health-connector">')
        _set_properties(source, connector, health)
        return
    source.insert_after(http, render(health))


def _set_properties(source: XmlSource, connector: Element, wanted_properties: Context) -> None:
    missing: list[str] = []
    for wanted in rendered_root(wanted_properties):
        name, value = str(wanted.attrib["name"]), str(wanted.attrib["value"])
        present = connector.named("property", name=name)
        if present:
            _set_value(source, source.only(present, f'<property name="{name}">'), value)
        elif name != "SSLEnabled":  # already off where nobody turned it on
            missing.append(f'<property name="{name}" value="{xml.escape(value)}"/>')
    if missing:
        source.append(connector, "\n".join(missing))


def _refuse_loopback(source: XmlSource, connector: Element) -> None:
    for address in connector.named("property", name="address"):
        value = address.attributes.get("value", "")
        if value.startswith(_LOOPBACK):
            raise source.error(
                f'{address} of <property name="http-connector">',
                f"is '{value}', where no balancer can reach the node",
                "Remove the property, or name an address of the node's network",
            )


def _set_engine(source: XmlSource, container: Element, instance_id: str) -> None:
    for engine in container.named("property", value="engine"):
        for route in engine.named("property", name="jvm-route"):
            _set_value(source, route, instance_id)
        for pattern in engine.named("property", name="access-log-pattern"):
            if _value(source, pattern) == _STOCK_LOG_PATTERN:
                _set_value(source, pattern, _LOG_PATTERN)


def _value(source: XmlSource, element: Element) -> str:
    """A property's value, as ContainerConfig.java reads it: the attribute, else the child."""
    if value := element.attributes.get("value"):
        return value
    children = element.named("property-value")
    return source.text(children[0]) if children else ""


def _set_value(source: XmlSource, element: Element, value: str) -> None:
    children = element.named("property-value")
    if children and not element.attributes.get("value"):
        source.set_text(children[0], value)
    else:
        source.set_attributes(element, {"value": value})
