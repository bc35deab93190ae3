"""Amazon MQ's configuration: nothing in it that Amazon MQ drops, and a real broker obeys it."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from lxml import etree

from templates.amazonmq.context import AmazonMqConfiguration
from templates.broker.context import BrokerXml
from templates.context import Context
from templates.renderer import render
from templates.syntax import xml
from tests.templates.broker_pair import HOSTILE, BrokerPair

NAMESPACE = "http://activemq.apache.org/schema/core"

PERMITTED: Mapping[str, frozenset[str]] = {
    "abortSlowConsumerStrategy": frozenset(
        {
            "abortConnection",
            "checkPeriod",
            "ignoreNetworkConsumers",
            "maxSlowCount",
            "maxSlowDuration",
            "name",
        }
    ),
    "authorizationEntry": frozenset(
        {"admin", "queue", "read", "tempQueue", "tempTopic", "topic", "write"}
    ),
    "authorizationMap": frozenset(),
    "authorizationPlugin": frozenset(),
    "broker": frozenset(
        {
            "advisorySupport",
            "allowTempAutoCreationOnSend",
            "persistent",
            "rejectDurableConsumers",
            "schedulePeriodForDestinationPurge",
            "schedulerSupport",
        }
    ),
    "policyEntry": frozenset(
        {
            "memoryLimit",
            "prioritizedMessages",
            "producerFlowControl",
            "queue",
            "topic",
            "topicPrefetch",
        }
    ),
    "policyMap": frozenset(),
    "tempDestinationAuthorizationEntry": frozenset(
        {"admin", "queue", "read", "tempQueue", "tempTopic", "topic", "write"}
    ),
}
"""Elements, and of their attributes those that matter here (developer guide, permitted-elements
and permitted-attributes, 2026)."""

COLLECTIONS = frozenset(
    {
        "authorizationEntries",
        "destinationPolicy",
        "map",
        "plugins",
        "policyEntries",
        "slowConsumerStrategy",
    }
)
"""Elements that only hold others (developer guide, permitted-collections)."""

CONFIGURATION = AmazonMqConfiguration(
    topic="ScipioTopic", topic_memory_mib=64, unread_messages=10_000, slow_consumer_ms=60_000
)


def root() -> etree._Element:
    return xml.parse(render(CONFIGURATION).encode())


def elements() -> Iterator[tuple[str, etree._Element]]:
    for element in root().iter(etree.Element):
        yield etree.QName(element).localname, element


def test_every_element_and_attribute_is_permitted() -> None:
    """What is not, Amazon MQ drops without a word."""
    for name, element in elements():
        if name in COLLECTIONS:
            assert not element.attrib, name
        else:
            assert name in PERMITTED, name
            assert {str(key) for key in element.attrib} <= PERMITTED[name], name


def policy(configuration: Context) -> tuple[dict[str, str], list[tuple[str, dict[str, str]]]]:
    """What a broker does with its topics' messages: the entry's attributes, and what is in it."""
    [entry] = xml.parse(render(configuration).encode()).iter(f"{{{NAMESPACE}}}policyEntry")
    inner = [
        (etree.QName(element).localname, {str(k): str(v) for k, v in element.items()})
        for element in entry.iterdescendants(etree.Element)
    ]
    return {str(key): str(value) for key, value in entry.items()}, inner


def test_slow_nodes_are_treated_as_by_the_brokers_of_one_machine() -> None:
    """There it is tried on a real broker: nothing is dropped, and who stays slow is cut off."""
    local = BrokerXml(
        broker_name="a",
        topic="ScipioTopic",
        app_user="scipio",
        operator_user="operator",
        unread_messages=CONFIGURATION.unread_messages,
        slow_consumer_ms=CONFIGURATION.slow_consumer_ms,
    )
    here, there = policy(CONFIGURATION), policy(local)
    assert here[1] == there[1]
    assert {**here[0], "topic": ">", "memoryLimit": "16mb"} == there[0]


def test_it_is_a_broker_and_no_spring_file() -> None:
    assert root().tag == f"{{{NAMESPACE}}}broker"
    assert {etree.QName(element).namespace for _, element in elements()} == {NAMESPACE}
    assert "${" not in render(CONFIGURATION)


def entries() -> Mapping[tuple[str, str], Mapping[str, set[str]]]:
    """What each group list says, by kind and name of the destination."""
    found = {}
    for element in root().iter(f"{{{NAMESPACE}}}authorizationEntry"):
        kind = "topic" if element.get("topic") else "queue"
        rights = {
            right: set((element.get(right) or "").split(",")) - {""}
            for right in ("read", "write", "admin")
        }
        found[kind, str(element.get(kind))] = rights
    return found


def test_the_nodes_have_their_topic_and_nothing_else() -> None:
    given = {
        (destination, right)
        for (_, destination), rights in entries().items()
        for right, groups in rights.items()
        if "nodes" in groups
    }

    assert given == {
        ("ScipioTopic", "read"),
        ("ScipioTopic", "write"),
        ("ScipioTopic", "admin"),
        ("ActiveMQ.Advisory.>", "admin"),
        ("ActiveMQ.Advisory.TempQueue", "read"),
        ("ActiveMQ.Advisory.TempTopic", "read"),
    }


def test_people_and_their_console_have_everything() -> None:
    """A console whose group the map does not name shows nothing."""
    everywhere = {"operators", "activemq-webconsole"}

    for kind in ("topic", "queue"):
        assert entries()[kind, ">"] == {
            "read": everywhere,
            "write": everywhere,
            "admin": everywhere,
        }


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrokerPair]:
    """A real broker with what Amazon MQ lets one say, and users in the same groups."""
    folder = tmp_path_factory.mktemp("amazonmq")
    running = BrokerPair(folder)
    live = running.brokers[0]
    put_into(folder / "broker-a" / "activemq.xml")
    try:
        live.start()
        live.wait_until_live()
        yield running
    finally:
        running.end()


def put_into(file: Path) -> None:
    """Amazon MQ's part in the place of the local broker's own, the rest of which is Amazon's."""
    local = xml.parse(file.read_bytes())
    ours = root()
    [target] = local.findall(f"{{{NAMESPACE}}}broker")
    target.attrib.update(ours.attrib)
    for path in ("destinationPolicy", "plugins/authorizationPlugin"):
        steps = "/".join(f"{{{NAMESPACE}}}{step}" for step in path.split("/"))
        old, new = target.find(steps), ours.find(steps)
        assert old is not None
        assert new is not None
        parent = old.getparent()
        assert parent is not None
        parent.replace(old, new)
    file.write_bytes(etree.tostring(local))


def test_a_real_broker_gives_the_nodes_their_topic_and_refuses_everything_else(
    broker: BrokerPair,
) -> None:
    """With the client's own defaults, which read advisories of temporary destinations."""
    answers = broker.visit(
        f"scipio {HOSTILE} topic ScipioTopic",
        f"scipio {HOSTILE} topic Other",
        f"scipio {HOSTILE} topic ActiveMQ.Advisory.Connection",
        f"scipio {HOSTILE} queue ScipioTopic",
        "scipio wrong topic ScipioTopic",
        "operator operator-secret topic ScipioTopic",
        "operator operator-secret queue Other",
    )

    assert [answer.split(": ")[0] for answer in answers if answer.endswith(": received")] == [
        "scipio topic ScipioTopic",
        "operator topic ScipioTopic",
        "operator queue Other",
    ]
    assert len([answer for answer in answers if ": refused " in answer]) == 4
