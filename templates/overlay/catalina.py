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
_AJP = ("ajp", "org.apache.coyote.ajp.")
"""How `protocol` of such a connector begins, in small letters (org.apache.catalina.Connector)."""
_STOCK_LOG_PATTERN = '%h %l %u %t "%r" %s %b "%{Referer}i" "%{User-Agent}i"'
_LOG_PATTERN = _STOCK_LOG_PATTERN.replace("%h", "%{X-Forwarded-For}i", 1)
_ANY_ADDRESS = ("", "0.0.0.0", "::", "[::]")  # noqa: S104 - what Tomcat takes for all addresses
_LOOPBACK = ("127.", "localhost", "::1", "[::1]")


def merge_catalina(
    own: TreeText, http: HttpConnector, health: HealthConnector, instance_id: str
) -> bytes:
    """The tree's component file with what a cluster needs. Raises OverlayError.

    Only the container that serves is touched; the one for tests stays.
    """
    source = XmlSource(own)
    container = source.one(source.root, "container", name="catalina-container")
    for connector in container.named("property", value="connector"):
        if _is_unused(source, connector):
            source.remove(connector)
        else:
            _refuse_fixed_address(source, connector)
    connector = source.one(container, "property", name="http-connector", value="connector")
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
        elif name != "SSLEnabled":  # already off where it was not turned on
            missing.append(f'<property name="{name}" value="{xml.escape(value)}"/>')
    if missing:
        source.append(connector, "\n".join(missing))


def _is_unused(source: XmlSource, connector: Element) -> bool:
    """AJP by its protocol, whatever its name: it trusts everything that a peer says."""
    protocols = (_value(source, each) for each in connector.named("property", name="protocol"))
    return connector.attributes.get("name") in _UNUSED_CONNECTORS or any(
        protocol.casefold().startswith(_AJP) for protocol in protocols
    )


def _refuse_fixed_address(source: XmlSource, connector: Element) -> None:
    """A container has an address of its own, and Tomcat does not start on one that it has not.

    Only another connector than the visitors' may listen on the loopback.
    """
    serves = connector.attributes.get("name") == "http-connector"
    for address in connector.named("property", name="address"):
        value = _value(source, address)
        if value in _ANY_ADDRESS or (value.startswith(_LOOPBACK) and not serves):
            continue
        where = "no balancer can reach the node" if value.startswith(_LOOPBACK) else "no node is"
        raise source.error(
            f"{address} of {connector}",
            f"is '{value}', where {where}",
            "Remove the property: a node listens on the addresses that its container has",
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
