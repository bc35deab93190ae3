"""A broker dies, freezes or is cut off, while another one lives: nodes go to that one."""

import time
from collections.abc import Callable

import pytest

from tests.cluster_component.broker_faults import FAULTS, Brokers, Fault
from tests.support.activemq import ActiveMqBroker
from tests.support.longest_seen import LongestSeen
from tests.support.reference_node import ReferenceNode
from tests.support.reference_nodes import MakeNode
from tests.support.server_process import wait_until

pytestmark = pytest.mark.usefixtures("seeded")

WITHIN_S = 15
"""From the fault, or the node's start, until it receives and sends again."""


@pytest.fixture
def node(make_node: MakeNode, brokers: Brokers) -> ReferenceNode:
    return make_node(topic=brokers.topic, distributed=True, resilient=True)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_node_that_starts_finds_the_broker_that_lives(
    node: ReferenceNode, brokers: Brokers, fault: Fault, longest_seen: LongestSeen
) -> None:
    took_s = recovery_s(node, brokers, fault, node.start)
    longest_seen(f"a node starts, the first broker is {brokers.named(fault)}", took_s)
    assert took_s < WITHIN_S


@pytest.mark.parametrize("fault", FAULTS)
def test_a_node_that_is_connected_goes_to_the_broker_that_lives(
    node: ReferenceNode, brokers: Brokers, fault: Fault, longest_seen: LongestSeen
) -> None:
    node.start()
    wait_until_in_order(node, brokers.first)
    took_s = recovery_s(node, brokers, fault, lambda: None)
    longest_seen(f"nodes are connected, their broker is {brokers.named(fault)}", took_s)
    assert took_s < WITHIN_S


def recovery_s(
    node: ReferenceNode, brokers: Brokers, fault: Fault, begin: Callable[[], object]
) -> float:
    """Seconds from the fault of the first broker, and what begins then, until the node receives
    from the second one and everything is sent."""
    with fault(brokers.first):
        began = time.monotonic()
        begin()
        node.http.put("/reference/rows/greeting", content=f"{began}").raise_for_status()
        wait_until_in_order(node, brokers.second)
        return time.monotonic() - began


def wait_until_in_order(node: ReferenceNode, broker: ActiveMqBroker) -> None:
    def in_order() -> bool:
        state = node.state()
        return (
            state["liveBroker"] == broker.url
            and state["cacheClearConnected"] is True
            and state["cacheClearQueueDepth"] == 0
        )

    wait_until(f"{node.instance_id} is in order again", in_order, within_s=3 * WITHIN_S)
