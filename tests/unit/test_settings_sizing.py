"""The arithmetic of a cluster holds for every number that settings allow."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from contract.names import INSTANCE_ID_MAX_LENGTH
from node.act import LAST_WORDS_S
from node.companion import HAND_BACK_S
from settings import sizing
from settings.models import App, Database, Nodes, Settings
from settings.profiles import defaults
from settings.rules import (
    connections_suffice,
    instance_ids_are_short_enough,
    memory_holds_heap,
)
from templates.haproxy.context import AGENT_INTERVAL_S


def stack(**sections: Mapping[str, object]) -> Settings:
    plain = defaults("local")
    for section, values in sections.items():
        plain[section] = {**plain[section], **values}
    return Settings.model_validate({"profile": "local", **plain})


def nodes(**values: object) -> Nodes:
    return stack(nodes=values).nodes


COUNTS = st.integers(1, 20)
SURGES = st.integers(0, 20)
POOLS = st.integers(2, 1000)
RESERVES = st.integers(5, 1000)
LIMITS = st.integers(10, 10_000)


@st.composite
def databases(draw: st.DrawFn) -> Database:
    return stack(
        database={
            "maxConnections": draw(LIMITS),
            "poolMin": 0,
            "poolMax": draw(POOLS),
            "reserve": draw(RESERVES),
        }
    ).database


@given(COUNTS, SURGES, databases())
def test_one_node_more_never_needs_fewer_connections(
    count: int, surge: int, database: Database
) -> None:
    fewer = sizing.connections_needed(count + surge, database)
    more = sizing.connections_needed(count + 1 + surge, database)
    assert more >= fewer


@given(COUNTS, SURGES, databases())
def test_the_largest_pool_fits_and_one_connection_more_does_not(
    count: int, surge: int, database: Database
) -> None:
    largest = sizing.largest_pool(count + surge, database)

    def needed(pool: int) -> int:
        pool_of = database.model_copy(update={"pool_max": pool})
        return sizing.connections_needed(count + surge, pool_of)

    assert needed(largest) <= sizing.connections_available(database) < needed(largest + 1)


@given(COUNTS, SURGES, POOLS, RESERVES, LIMITS)
def test_the_advice_of_the_connection_rule_is_right(
    count: int, surge: int, pool: int, reserve: int, limit: int
) -> None:
    """What it says to raise the limit to is enough, and one less is not."""
    database = {"maxConnections": limit, "poolMin": 0, "poolMax": pool, "reserve": reserve}
    cluster = {"count": count, "surge": surge}
    broken = connections_suffice(stack(nodes=cluster, database=database))
    needed = (count + surge) * (pool + 1) + reserve
    assert bool(broken) == (needed + 3 > limit)
    if broken:
        assert f"Raise database.maxConnections to {needed + 3}" in (broken[0].hint or "")


@given(COUNTS, st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9_-]{0,24}\Z"))
def test_instance_ids_are_one_a_node_unique_and_short_or_refused(count: int, prefix: str) -> None:
    settings = stack(nodes={"count": count, "instanceIdPrefix": prefix})
    ids = sizing.instance_ids(settings.nodes)
    assert len(set(ids)) == count
    too_long = any(len(instance_id) > INSTANCE_ID_MAX_LENGTH for instance_id in ids)
    assert bool(instance_ids_are_short_enough(settings)) == too_long


@given(st.integers(1, 19))
def test_one_node_more_leaves_the_other_nodes_ids_as_they_are(count: int) -> None:
    assert sizing.instance_ids(nodes(count=count + 1))[:count] == sizing.instance_ids(
        nodes(count=count)
    )


def test_explicit_instance_ids_are_taken_as_given() -> None:
    assert sizing.instance_ids(nodes(count=2, instanceIds=["erp-a", "erp-b"])) == ("erp-a", "erp-b")


@given(st.integers(64, 65_536), st.integers(256, 131_072))
def test_a_heap_that_passes_leaves_room_for_the_jvm_and_the_agent(heap: int, memory: int) -> None:
    broken = memory_holds_heap(stack(nodes={"heapMib": heap, "memoryMib": memory}))
    beside = memory - heap
    assert bool(broken) == (beside < sizing.REFERENCE_NATIVE_MIB + sizing.AGENT_MIB)


def test_the_erp_needs_more_beside_its_heap_than_the_reference_node() -> None:
    assert sizing.native_mib(App(image="erp:1", home=None)) > sizing.native_mib(
        App(image=None, home=None)
    )


def test_the_platform_waits_longer_than_the_node() -> None:
    """Every wait of the agent's end, one after the other, at its longest."""
    agent_s = 2 * AGENT_INTERVAL_S + HAND_BACK_S + LAST_WORDS_S
    assert sizing.node_end_s(drain_timeout_s=60, stop_timeout_s=30) > 60 + 30 + agent_s


@given(COUNTS, SURGES)
def test_the_balancer_has_a_place_for_every_node(count: int, surge: int) -> None:
    assert count + surge <= sizing.BALANCER_SLOTS
