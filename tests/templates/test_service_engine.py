"""serviceengine.xml after the merge, as the ERP reads it."""

import pytest

from contract.names import NodeRole
from templates.overlay.cluster_component import LISTENER_CLASS
from templates.overlay.error import OverlayError
from templates.overlay.files import JNDI, SERVICE_ENGINE
from templates.overlay.overlay import OverlaySource
from tests.templates.tree import (
    changed,
    changed_lines,
    cluster_document,
    content_of,
    overlay_of,
    properties_of,
    xml_of,
)

SOURCE = "framework/service/config/serviceengine.xml"
MESSENGER = "service-engine[@name='default']/jms-service[@name='serviceMessenger']"


def test_the_messenger_sends_to_and_listens_on_the_topic(stock: OverlaySource) -> None:
    [service] = xml_of(overlay_of(stock), SERVICE_ENGINE).findall(MESSENGER)
    assert service.get("send-mode") == "all"
    [server] = service
    assert {str(name): str(value) for name, value in server.attrib.items()} == {
        "jndi-server-name": "default",
        "jndi-name": "topicConnectionFactory",
        "topic-queue": "ScipioTopic",
        "type": "topic",
        "username": "scipio",
        "password": "mq-secret",
        "listen": "true",
        "listener-class": "clustercacheclear.erp.WatchedTopicListener",
    }


def test_in_stock_mode_the_erps_own_listener_listens(stock: OverlaySource) -> None:
    overlay = overlay_of(stock, cluster_document(cache_clear={"mode": "stock"}))
    [server] = xml_of(overlay, SERVICE_ENGINE).findall(f"{MESSENGER}/server")
    assert "listener-class" not in server.attrib
    assert server.get("listen") == "true"


@pytest.mark.parametrize("name", ["stock", "customised"])
def test_the_names_of_the_messenger_are_those_of_jndi(
    name: str, request: pytest.FixtureRequest
) -> None:
    """A factory or topic that jndi.properties does not know would fail every write."""
    overlay = overlay_of(request.getfixturevalue(name))
    [server] = xml_of(overlay, SERVICE_ENGINE).findall(f"{MESSENGER}/server")
    jndi = properties_of(overlay, JNDI)
    factories = [part.strip() for part in jndi["connectionFactoryNames"].split(",")]
    assert server.get("jndi-name") in factories
    assert jndi[f"topic.{server.get('topic-queue')}"] == "ScipioTopic"


def test_job_threads_are_the_minimum_because_no_more_ever_run(stock: OverlaySource) -> None:
    root = xml_of(overlay_of(stock), SERVICE_ENGINE)
    [pool] = root.findall("service-engine[@name='default']/thread-pool")
    assert (pool.get("min-threads"), pool.get("max-threads")) == ("7", "7")
    assert pool.get("poll-db-millis") == "30000"


def test_the_search_node_looks_for_no_jobs(stock: OverlaySource) -> None:
    def polls(role: NodeRole) -> str | None:
        root = xml_of(overlay_of(stock, role=role), SERVICE_ENGINE)
        [pool] = root.findall("service-engine[@name='default']/thread-pool")
        return pool.get("poll-enabled")

    assert (polls("app"), polls("search")) == ("true", "false")


def test_nothing_but_what_a_cluster_needs_changes_in_a_stock_file(stock: OverlaySource) -> None:
    went, came = changed_lines(stock.files[SOURCE], content_of(overlay_of(stock), SERVICE_ENGINE))
    assert went == ['min-threads="2"', 'max-threads="5"']
    assert came[:2] == ['min-threads="7"', 'max-threads="7"']
    assert came[2].startswith("<!-- Cluster:")
    assert came[-1] == "</jms-service>"


def test_the_messenger_comes_last_as_the_schema_wants(stock: OverlaySource) -> None:
    [engine] = xml_of(overlay_of(stock), SERVICE_ENGINE).findall("service-engine")
    assert engine[-1].tag == "jms-service"


def test_a_users_own_services_locations_and_engines_stay(customised: OverlaySource) -> None:
    root = xml_of(overlay_of(customised), SERVICE_ENGINE)
    assert root.find("service-engine[@name='default']/jms-service[@name='mueller']") is not None
    [engine] = root.findall("service-engine[@name='default']/engine[@name='jms']")
    assert engine.get("class") == "de.mueller.QueueingJmsEngine"
    [location] = root.findall("service-engine[@name='default']/service-location")
    assert location.get("location") == "https://erp.mueller.example/x"
    assert b"<!-- the broker we had -->" in content_of(overlay_of(customised), SERVICE_ENGINE)


def test_a_messenger_that_is_there_is_put_right_and_loses_its_client_id(
    customised: OverlaySource,
) -> None:
    [server] = xml_of(overlay_of(customised), SERVICE_ENGINE).findall(f"{MESSENGER}/server")
    assert server.get("topic-queue") == "ScipioTopic"
    assert server.get("type") == "topic"
    assert server.get("listener-class") == "de.mueller.Listener"
    assert "client-id" not in server.attrib


def test_a_listener_of_the_trees_own_is_said_and_the_clusters_is_none(
    stock: OverlaySource, customised: OverlaySource
) -> None:
    """Whoever listens without the component does not say when it is subscribed."""
    assert overlay_of(customised).own_listener == "de.mueller.Listener"
    assert overlay_of(stock).own_listener is None
    ours = changed(customised, SOURCE, "de.mueller.Listener", LISTENER_CLASS)
    assert overlay_of(ours).own_listener is None


def test_the_file_with_the_brokers_password_is_for_its_owner_alone(stock: OverlaySource) -> None:
    modes = {file.path: file.mode for file in overlay_of(stock).files}
    assert modes["serviceengine.xml"] == 0o600
    assert modes["passwords.properties"] == 0o600
    assert modes["entityengine.xml"] == 0o644


@pytest.mark.parametrize(
    ("name", "old", "new", "sentence"),
    [
        ("stock", '<service-engine name="default">', '<service-engine name="x">', "is missing"),
        ("stock", '<engine name="jms"', '<engine name="jmx"', '<engine name="jms"> in .* missing'),
        ("stock", "thread-pool", "threadpool", "<thread-pool> in .*is missing"),
        ("customised", 'service name="mueller"', 'service name="serviceMessenger"', "2 times"),
        (
            "customised",
            "<!-- the broker we had -->",
            '<server jndi-server-name="second"/>',
            "<server>: is there 2 times",
        ),
        (
            "customised",
            '<service-engine name="other">',
            '<service-engine name="default">',
            "2 times",
        ),
        ("customised", "<service-config>", "<service-config", "not well-formed"),
    ],
)
def test_an_unexpected_file_is_refused_with_what_was_expected(
    name: str, old: str, new: str, sentence: str, request: pytest.FixtureRequest
) -> None:
    tree = changed(request.getfixturevalue(name), SOURCE, old, new)
    with pytest.raises(OverlayError, match=sentence):
        overlay_of(tree)


def test_a_tree_made_for_nodes_without_jobs_polls_for_them_in_a_cluster(
    customised: OverlaySource,
) -> None:
    """All app nodes have this one file: with the tree's own value no node would run a job."""
    [pool] = xml_of(overlay_of(customised), SERVICE_ENGINE).findall("service-engine/thread-pool")
    assert pool.get("poll-enabled") == "true"
