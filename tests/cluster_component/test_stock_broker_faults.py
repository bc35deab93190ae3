"""Mode `stock` meets the same faults of its brokers: no request is held up for long.

A write may fail, as the ERP's own sender has it.
"""

import time

import pytest

from tests.cluster_component.broker_faults import FAULTS, Brokers, Fault
from tests.support.longest_seen import LongestSeen
from tests.support.reference_node import ReferenceNode
from tests.support.reference_nodes import MakeNode

pytestmark = pytest.mark.usefixtures("seeded")

REQUEST_S = 5
"""What a write is held up at the most."""
WRITES_S = 12
"""How long writes go on: until an idle connection is known to be broken."""


@pytest.fixture
def node(make_node: MakeNode, brokers: Brokers) -> ReferenceNode:
    """It has written once, so it is connected."""
    made = make_node(topic=brokers.topic, distributed=True)
    made.start()
    assert write(made)[1] == 200
    return made


@pytest.mark.parametrize("fault", FAULTS)
def test_writes_find_the_other_broker(
    node: ReferenceNode, brokers: Brokers, fault: Fault, longest_seen: LongestSeen
) -> None:
    writes = []
    with fault(brokers.first):
        ends = time.monotonic() + WRITES_S
        while time.monotonic() < ends:
            writes.append(write(node))
    longest_s = max(took_s for took_s, _ in writes)
    longest_seen(f"mode stock, a write while a broker is {brokers.named(fault)}", longest_s)
    assert writes[-1][1] == 200
    assert longest_s < REQUEST_S


@pytest.mark.parametrize("fault", FAULTS)
def test_writes_fail_soon_while_no_broker_lives(
    node: ReferenceNode, brokers: Brokers, fault: Fault, longest_seen: LongestSeen
) -> None:
    with fault(brokers.first), fault(brokers.second):
        writes = [write(node) for _ in range(3)]
    longest_s = max(took_s for took_s, _ in writes)
    longest_seen(f"mode stock, a write while both brokers are {brokers.named(fault)}", longest_s)
    assert [status for _, status in writes] == [503] * 3
    assert longest_s < REQUEST_S


def write(node: ReferenceNode) -> tuple[float, int]:
    """Seconds until the answer, and its status."""
    began = time.monotonic()
    answer = node.http.put("/reference/rows/greeting", content=f"{began}")
    return time.monotonic() - began, answer.status_code
