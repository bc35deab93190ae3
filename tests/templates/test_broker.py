"""The broker's configuration, in real brokers."""

from collections.abc import Iterator

import pytest

from templates.syntax import xml
from tests.templates.broker_pair import HOSTILE, KEY_STORE_PASSWORD, BrokerPair, TemplateBroker


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrokerPair]:
    """Broker a is live, broker b waits."""
    running = BrokerPair(tmp_path_factory.mktemp("brokers"))
    live, waiting = running.brokers
    try:
        live.start()
        live.wait_until_live()
        waiting.start()
        waiting.wait_until_waiting()
        yield running
    finally:
        running.end()


def test_users_reach_what_is_theirs_and_nothing_else(pair: BrokerPair) -> None:
    answers = pair.visit(
        f"scipio {HOSTILE} topic ScipioTopic",
        f"scipio {HOSTILE} topic Other",
        f"scipio {HOSTILE} queue ScipioTopic",
        f"scipio {HOSTILE} queue Other",
        "scipio wrong topic ScipioTopic",
        "- - topic ScipioTopic",
        "nobody - topic ScipioTopic",
        "operator operator-secret topic ScipioTopic",
        "operator operator-secret topic Other",
        "operator operator-secret queue Other",
    )
    assert [answer.split(": ")[0] for answer in answers if answer.endswith(": received")] == [
        "scipio topic ScipioTopic",
        "operator topic ScipioTopic",
        "operator topic Other",
        "operator queue Other",
    ]
    refused = [answer for answer in answers if ": refused " in answer]
    assert len(refused) == 6
    assert all("not authorized" in answer for answer in refused[:3])
    assert all("name [" in answer and "password" in answer for answer in refused[3:])


def test_the_waiting_broker_does_not_listen_and_takes_over_when_the_live_one_ends(
    pair: BrokerPair,
) -> None:
    live, waiting = pair.brokers
    assert live.listens()
    assert not waiting.listens()
    live.end()
    pair.wait_until_taken_over(waiting)
    assert pair.visit(f"scipio {HOSTILE} topic ScipioTopic") == [
        "scipio topic ScipioTopic: received"
    ]


def test_no_password_is_in_the_configuration_or_the_log(pair: BrokerPair) -> None:
    broker: TemplateBroker
    for broker in pair.brokers:
        for secret in (HOSTILE, KEY_STORE_PASSWORD, "operator-secret"):
            assert secret not in broker.log
            assert secret not in broker.xml


def test_neither_management_nor_a_second_connector_is_open(pair: BrokerPair) -> None:
    root = xml.parse(pair.brokers[0].xml.encode())
    namespace = {"a": "http://activemq.apache.org/schema/core"}
    [broker] = root.findall("a:broker", namespace)
    assert broker.get("useJmx") == "false"
    connectors = broker.findall("a:transportConnectors/a:transportConnector", namespace)
    assert [str(found.get("uri")).split(":")[0] for found in connectors] == ["ssl"]


def test_with_both_brokers_gone_a_node_is_told_so_and_does_not_hang(pair: BrokerPair) -> None:
    """Last of this file: it ends what the others need. The client has two minutes, and needs ms."""
    pair.end()
    [answer] = pair.visit(f"scipio {HOSTILE} topic ScipioTopic")
    assert answer.startswith("scipio topic ScipioTopic: refused no broker answered: ssl://")
    assert answer.count("Connection refused") == len(pair.brokers)
