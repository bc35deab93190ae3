"""framework/catalina/scipio-component.xml after the merge, as the ERP reads it."""

import pytest
from lxml import etree

from templates.overlay.error import OverlayError
from templates.overlay.files import CATALINA
from templates.overlay.overlay import OverlaySource
from tests.templates.tree import changed, changed_lines, content_of, overlay_of, xml_of

SOURCE = CATALINA.path


def container(overlay_root: etree._Element, name: str = "catalina-container") -> etree._Element:
    [found] = overlay_root.findall(f"container[@name='{name}']")
    return found


def changed_to(tree: OverlaySource, component: bytes) -> OverlaySource:
    """The tree with another component file."""
    return OverlaySource({**tree.files, SOURCE: component})


def settings(parent: etree._Element, name: str) -> dict[str, str]:
    """A property's own properties, read as ContainerConfig.java does."""
    [found] = parent.findall(f"property[@name='{name}']")
    return {
        str(child.get("name")): child.get("value") or child.findtext("property-value") or ""
        for child in found.findall("property")
    }


def test_the_connector_speaks_http_to_the_balancer_and_https_to_the_erp(
    stock: OverlaySource,
) -> None:
    serving = container(xml_of(overlay_of(stock), CATALINA))
    assert settings(serving, "http-connector") == {
        "port": "8081",
        "protocol": "HTTP/1.1",
        "scheme": "https",
        "secure": "true",
        "proxyPort": "8443",
        "compression": "on",
        "maxThreads": "10",
        "maxConnections": "510",
        "keepAliveTimeout": "75000",
    }


def test_health_checks_have_a_connector_and_threads_of_their_own(stock: OverlaySource) -> None:
    """They are answered while every thread for visitors is at work."""
    serving = container(xml_of(overlay_of(stock), CATALINA))
    assert settings(serving, "health-connector") == {
        "port": "8083",
        "protocol": "HTTP/1.1",
        "scheme": "https",
        "secure": "true",
        "maxThreads": "2",
        "minSpareThreads": "1",
    }
    again = changed_to(stock, content_of(overlay_of(stock), CATALINA))
    assert content_of(overlay_of(again), CATALINA) == content_of(overlay_of(stock), CATALINA)


def test_a_trees_own_number_of_threads_is_known(
    stock: OverlaySource, customised: OverlaySource
) -> None:
    """What replaces it can be said when the image is made."""
    assert overlay_of(stock).own_threads is None
    assert overlay_of(customised).own_threads == "400"


def test_the_other_connectors_are_gone(stock: OverlaySource) -> None:
    serving = container(xml_of(overlay_of(stock), CATALINA))
    connectors = [found.get("name") for found in serving.findall("property[@value='connector']")]
    assert connectors == ["http-connector", "health-connector"]


def test_sessions_and_logs_say_which_node_and_which_visitor(stock: OverlaySource) -> None:
    engine = settings(container(xml_of(overlay_of(stock), CATALINA)), "default-server")
    assert engine["jvm-route"] == "scipio-1"
    assert engine["access-log-pattern"] == (
        '%{X-Forwarded-For}i %l %u %t "%r" %s %b "%{Referer}i" "%{User-Agent}i"'
    )


def test_the_container_for_tests_is_left_alone(stock: OverlaySource) -> None:
    testing = container(xml_of(overlay_of(stock), CATALINA), "catalina-container-test")
    assert settings(testing, "ajp-connector") == {"port": "8010"}
    assert settings(testing, "http-connector") == {"port": "8080"}
    assert settings(testing, "default-server") == {"jvm-route": "jvm1"}


def test_what_changes_in_a_stock_file_is_known_line_by_line(stock: OverlaySource) -> None:
    went, came = changed_lines(stock.files[SOURCE], content_of(overlay_of(stock), CATALINA))
    assert came == [
        '<property name="jvm-route" value="scipio-1"/>',
        '<property-value>%{X-Forwarded-For}i %l %u %t "%r" %s %b "%{Referer}i"'
        ' "%{User-Agent}i"</property-value>',
        '<property name="port" value="8081"/>',
        '<property name="scheme" value="https"/>',
        '<property name="secure" value="true"/>',
        '<property name="proxyPort" value="8443"/>',
        '<property name="maxThreads" value="10"/>',
        '<property name="maxConnections" value="510"/>',
        '<property name="keepAliveTimeout" value="75000"/>',
        '<property name="health-connector" value="connector">',
        '<property name="port" value="8083"/>',
        '<property name="maxThreads" value="2"/>',
        '<property name="minSpareThreads" value="1"/>',
    ]
    assert not [line for line in went if "maxThreads" in line or "ssl-accelerator" in line]


def test_a_users_own_connectors_and_settings_stay(customised: OverlaySource) -> None:
    serving = container(xml_of(overlay_of(customised), CATALINA))
    assert settings(serving, "http-connector") == {
        "port": "8081",
        "scheme": "https",
        "secure": "true",
        "proxyPort": "8443",
        "maxThreads": "10",
        "maxConnections": "510",
        "keepAliveTimeout": "75000",
        "SSLEnabled": "false",
    }
    assert settings(serving, "monitor-connector") == {"port": "9100", "address": "127.0.0.1"}
    engine = settings(serving, "shop")
    assert engine["access-log-pattern"] == "%a %r"
    assert "jvm-route" not in engine


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('name="catalina-container"', 'name="tomcat"', '<container name="catalina-container">'),
        ('<container name="catalina-container"', '<c name="catalina-container"', "not well-formed"),
    ],
)
def test_an_unexpected_file_is_refused_with_what_was_expected(
    stock: OverlaySource, old: str, new: str, sentence: str
) -> None:
    with pytest.raises(OverlayError, match=sentence):
        overlay_of(changed(stock, SOURCE, old, new))


def test_a_connector_on_loopback_is_refused_because_no_balancer_could_reach_it(
    stock: OverlaySource,
) -> None:
    http = '<property name="http-connector" value="connector">'
    tree = changed(stock, SOURCE, http, f'{http}<property name="address" value="127.0.0.1"/>')
    with pytest.raises(OverlayError, match=r"is '127\.0\.0\.1', where no .* Remove the property"):
        overlay_of(tree)


def test_a_tree_without_the_named_connector_is_refused(customised: OverlaySource) -> None:
    """The search client finds its port by the connector's name."""
    tree = changed(customised, SOURCE, '"http-connector"', '"web-connector"')
    with pytest.raises(OverlayError, match='<property name="http-connector" value="connector"> in'):
        overlay_of(tree)


@pytest.mark.parametrize("protocol", ["AJP/1.3", "org.apache.coyote.ajp.AjpNio2Protocol"])
def test_a_connector_for_ajp_goes_whatever_its_name(stock: OverlaySource, protocol: str) -> None:
    """It takes the visitor's address, and who logged in, from whoever reaches its port."""
    tree = changed(
        stock,
        SOURCE,
        '<property name="http-connector" value="connector">',
        f'<property name="apache" value="connector"><property name="protocol" value="{protocol}"/>'
        '<property name="port" value="8010"/></property>'
        '<property name="http-connector" value="connector">',
    )
    serving = container(xml_of(overlay_of(tree), CATALINA))
    assert serving.findall("property[@name='apache']") == []


@pytest.mark.parametrize("address", ["", "0.0.0.0", "::"])  # noqa: S104 - in a file, bound by nobody
def test_an_address_that_is_all_addresses_stays(stock: OverlaySource, address: str) -> None:
    connector = '<property name="http-connector" value="connector">'
    own = f'{connector}<property name="address" value="{address}"/>'
    overlay = overlay_of(changed(stock, SOURCE, connector, own))
    assert settings(container(xml_of(overlay, CATALINA)), "http-connector")["address"] == address
