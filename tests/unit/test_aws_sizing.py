"""The arithmetic of a cluster on AWS holds for every size that settings allow."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.node_times import DATABASE_WAIT_S, WARM_UP_S
from node.companion import HAND_BACK_S
from node.ending import EVIDENCE_S
from settings.aws import sizing
from settings.aws.catalogue import (
    BROKER_CONNECTIONS,
    BrokerType,
    DatabaseClass,
    InstanceType,
    machine,
)
from settings.sizing import ERP_HEAP_MIN_MIB
from tests.support.aws_settings import IMAGE, OTHER_IMAGE, aws_settings

TYPES: list[InstanceType] = list(get_args(InstanceType))
CLASSES: list[DatabaseClass] = list(get_args(DatabaseClass))


@pytest.mark.parametrize(
    ("name", "vcpus", "gib", "architecture"),
    [
        ("t3.medium", 2, 4, "x86_64"),
        ("t4g.small", 2, 2, "arm64"),
        ("m6g.medium", 1, 4, "arm64"),
        ("m7i.large", 2, 8, "x86_64"),
        ("m7g.4xlarge", 16, 64, "arm64"),
        ("r6i.xlarge", 4, 32, "x86_64"),
        ("db.t4g.micro", 2, 1, "arm64"),
        ("db.m7g.2xlarge", 8, 32, "arm64"),
        ("db.r6g.4xlarge", 16, 128, "arm64"),
    ],
)
def test_machines_have_the_size_that_amazon_prints(
    name: InstanceType | DatabaseClass, vcpus: int, gib: int, architecture: str
) -> None:
    """docs.aws.amazon.com/ec2/latest/instancetypes and the RDS page of instance classes."""
    assert machine(name) == (vcpus, gib * 1024, architecture)


@pytest.mark.parametrize("name", TYPES)
def test_the_largest_heap_fits_into_the_container_and_the_next_does_not(
    name: InstanceType,
) -> None:
    heap, limit = sizing.largest_heap_mib(name), sizing.container_memory_mib(name)
    assert heap % sizing.HEAP_STEP_MIB == 0
    assert sizing.memory_needed_mib(heap) <= limit
    is_capped = heap == sizing.HEAP_MAX_MIB
    assert is_capped or sizing.memory_needed_mib(heap + sizing.HEAP_STEP_MIB) > limit


@pytest.mark.parametrize("name", TYPES)
def test_every_server_type_can_run_the_erp(name: InstanceType) -> None:
    assert sizing.largest_heap_mib(name) >= ERP_HEAP_MIN_MIB


@pytest.mark.parametrize("name", TYPES)
def test_the_system_keeps_its_share(name: InstanceType) -> None:
    assert machine(name).mib - sizing.container_memory_mib(name) >= sizing.SYSTEM_MIB


def test_references_of_the_jvm_stay_short() -> None:
    assert sizing.largest_heap_mib("r7g.4xlarge") == 30 * 1024


@pytest.mark.parametrize(
    ("name", "seen"), [("db.t4g.small", 198), ("db.t4g.medium", 413), ("db.t3.small", 198)]
)
def test_no_more_connections_are_counted_on_than_were_seen(name: DatabaseClass, seen: int) -> None:
    """gist.github.com/josuamarcelc: `show max_connections` on 2 and 4 GiB."""
    assert 0.9 * seen <= sizing.class_connections(name) <= seen


def test_connections_end_at_the_cap_of_the_formula() -> None:
    assert sizing.class_connections("db.r6g.4xlarge") == 5000


@given(st.sampled_from(CLASSES), st.sampled_from(CLASSES))
def test_more_memory_never_gives_fewer_connections(one: DatabaseClass, two: DatabaseClass) -> None:
    if machine(one).mib <= machine(two).mib:
        assert sizing.class_connections(one) <= sizing.class_connections(two)


def test_a_heap_that_is_said_wins_over_the_servers() -> None:
    assert sizing.heap_mib(aws_settings(nodes={"heapMib": 2048})) == 2048
    assert sizing.heap_mib(aws_settings()) == sizing.largest_heap_mib("m7i.large") == 6208


def test_search_leaves_half_of_its_memory_to_the_index() -> None:
    assert sizing.search_heap_mib(aws_settings()) == 3104
    assert sizing.search_heap_mib(aws_settings(search={"heapMib": 512})) == 512


@given(st.integers(10, 3600), st.integers(1, 3600), st.integers(5, 300), st.integers(2, 10))
def test_a_new_server_is_left_alone_for_its_slowest_start(
    boot: int, subscription: int, interval: int, threshold: int
) -> None:
    """Launch, then the JVM to its very limit, then first page and subscription side by side, then
    the checks that find it healthy; of a first server the preparation of the database besides.
    """
    stack = aws_settings(
        nodes={"bootTimeoutS": boot, "subscriptionWaitS": subscription},
        balancer={
            "healthIntervalS": interval,
            "healthTimeoutS": 2,
            "healthyThreshold": threshold,
        },
    )
    usual = 180 + boot + max(WARM_UP_S, subscription) + interval * threshold
    assert sizing.grace_period_s(stack) == usual
    assert sizing.ready_within_s(stack) == usual + DATABASE_WAIT_S + boot


@given(st.integers(10, 3600), st.integers(1, 3600), st.integers(1, 3600))
def test_a_server_is_replaced_only_after_its_node_could_have_come_back(
    boot: int, subscription: int, stop: int
) -> None:
    """After the silence itself: the JVM's threads and its end, the longest pause, a database that
    is failing over, the start to its very limit.
    """
    stack = aws_settings(
        nodes={"bootTimeoutS": boot, "subscriptionWaitS": subscription, "stopTimeoutS": stop}
    )
    end = EVIDENCE_S + stop + HAND_BACK_S
    start = DATABASE_WAIT_S + boot + max(WARM_UP_S, subscription)
    assert sizing.node_back_within_s(stack) >= end + 60 + 5 + start


@given(st.integers(0, 3600))
def test_a_drain_waits_longer_than_the_load_balancer_takes(delay: int) -> None:
    stack = aws_settings(balancer={"deregistrationDelayS": delay})
    assert sizing.let_go_within_s(stack) > delay


@given(st.integers(1, 4), st.integers(101, 200))
def test_surplus_nodes_and_both_colours_are_counted(size: int, percent: int) -> None:
    servers = {"min": 1, "max": size, "maxHealthyPercent": percent}
    database = {"poolMax": 27, "reserve": 20}
    rolling = aws_settings(servers=servers, database=database)
    both = aws_settings(
        servers=servers,
        database=database,
        release={
            "mode": "bluegreen",
            "blue": {"image": IMAGE},
            "green": {"image": OTHER_IMAGE},
        },
    )
    nodes = sizing.nodes_at_most(rolling)
    assert size <= nodes <= 2 * size
    assert sizing.nodes_at_most(both) == 2 * nodes
    assert sizing.connections_needed(rolling) == nodes * 28 + 20


def test_the_size_of_a_colour_counts_and_not_the_one_of_the_servers() -> None:
    stack = aws_settings(release={"blue": {"max": 2}}, servers={"maxHealthyPercent": 150})
    assert sizing.nodes_at_most(stack) == 3


def test_every_broker_type_says_its_connections() -> None:
    assert set(BROKER_CONNECTIONS) == set(get_args(BrokerType))
