"""What this state lost track of is swept; what another state made is shown and never touched."""

from typing import Any

import pytest

from automation import leftovers
from automation.errors import AnothersClusterError
from automation.leftovers import refuse_others, sweep
from automation.stack_state import StackState
from tests.automation.fake_docker import Collection, FakeEngine, Thing, cluster_of_state, together

CLUSTER = "scipio-local"


def state(mark: str | None = "ours", *known: str) -> StackState:
    return StackState(
        place="s3://acme-state", exists=mark is not None, mark=mark, known=frozenset(known)
    )


@pytest.fixture(autouse=True)
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    lines: list[str] = []
    monkeypatch.setattr(leftovers, "say", lambda line, *_: lines.append(line))
    return lines


def test_only_what_this_state_lost_track_of_is_swept() -> None:
    known = Thing("node-1", "ours")
    stray = Thing("node-2", "ours")
    of_another_name = Thing("node-3", "ours", cluster="scipio-other")
    others, unmarked = Thing("node-4", "theirs"), Thing("node-5")
    engine: Any = FakeEngine(Collection([known, stray, of_another_name, others, unmarked]))
    sweep(engine, CLUSTER, lambda: state("ours", known.id))
    assert engine.removed() == {"node-2"}


def test_a_state_that_has_made_nothing_sweeps_nothing() -> None:
    """The second checkout's first `make up`: the cluster that runs is another's."""
    engine = together(cluster_of_state("theirs"), cluster_of_state(None, "old-"))
    sweep(engine, CLUSTER, lambda: state(None))
    assert engine.removed() == set()


def test_what_an_earlier_version_made_is_known_without_a_mark() -> None:
    engine = together(cluster_of_state(None))
    here = state(None, "id-of-node", "id-of-network", "database")
    sweep(engine, CLUSTER, lambda: here)
    refuse_others(engine, CLUSTER, "local", here)
    assert engine.removed() == set()


def test_a_volume_goes_with_make_down_alone(said: list[str]) -> None:
    """It may hold data, even where the state has lost track of it."""
    engine = together(cluster_of_state("ours"))
    sweep(engine, CLUSTER, lambda: state("ours"))
    assert engine.removed() == {"node", "network"}
    assert any("Leaving volume database" in line for line in said)
    sweep(engine, CLUSTER, lambda: state("ours"), kinds=("container", "network", "volume"))
    assert engine.removed() == {"node", "network", "database"}


def test_what_is_made_while_the_state_is_read_is_not_taken_for_lost() -> None:
    engine: Any = FakeEngine()

    def read() -> StackState:
        engine.containers.things.append(Thing("node-1", "ours"))
        return state("ours")

    sweep(engine, CLUSTER, read)
    assert engine.removed() == set()


def test_what_vanishes_meanwhile_is_no_error() -> None:
    engine: Any = FakeEngine(networks=Collection([Thing("net", "ours", vanishes=True)]))
    sweep(engine, CLUSTER, lambda: state("ours"))


@pytest.mark.parametrize("here", [state(None), state("ours"), state("ours", "id-of-node")])
@pytest.mark.parametrize("mark", ["theirs", None])
def test_what_is_of_another_state_is_refused_and_named(here: StackState, mark: str | None) -> None:
    engine = together(cluster_of_state(mark, "their-"), cluster_of_state("ours"))
    if here.mark is None:
        engine = together(cluster_of_state(mark, "their-"))
    with pytest.raises(AnothersClusterError) as refused:
        refuse_others(engine, CLUSTER, "local", here)
    text = str(refused.value)
    assert refused.value.exit_code == 3
    assert "running containers: their-node" in text
    assert "volumes, with their data: their-database" in text
    if mark:
        assert "file:///home/anna/erp/.state on desk (begun 2026-11-30T21:00:00+00:00)" in text
    else:
        assert "without a mark" in text
    assert "this state (s3://acme-state)" in text
    for way in ("make up STACK=NAME", "httpsPort", "make down", "FORGOTTEN=yes"):
        assert way in text
    assert engine.removed() == set()


def test_a_stopped_container_is_not_said_to_run() -> None:
    engine = together(cluster_of_state("theirs", status="exited"))
    with pytest.raises(AnothersClusterError, match="stopped containers: node"):
        refuse_others(engine, CLUSTER, "local", state(None))


def test_the_ways_on_name_the_stack() -> None:
    engine = together(cluster_of_state("theirs"))
    with pytest.raises(AnothersClusterError, match="make down STACK=other FORGOTTEN=yes"):
        refuse_others(engine, CLUSTER, "other", state(None))


def test_another_engine_than_the_one_that_has_the_cluster_is_refused() -> None:
    """A refresh would find all of it gone, and the state would forget it."""
    made = StackState(
        place="here",
        exists=True,
        mark="ours",
        known=frozenset({"id-of-node", "database"}),
        in_docker=frozenset({"id-of-node", "database"}),
    )
    with pytest.raises(AnothersClusterError, match="in another one"):
        refuse_others(together(), CLUSTER, "local", made)
    refuse_others(together(cluster_of_state("ours")), CLUSTER, "local", made)


def test_the_mark_is_read_from_the_exported_state() -> None:
    deployment = {
        "resources": [
            {"type": "pulumi:pulumi:Stack", "outputs": {}},
            {"type": "pulumi-python:dynamic/scipio:StateMark", "outputs": {"value": "ours"}},
            {"type": "docker:index/volume:Volume", "id": "database", "outputs": {"name": "d"}},
            {"type": "docker:index/image:Image", "id": "sha256:1", "outputs": {}},
        ]
    }
    found = StackState.of("here", deployment)
    assert (found.exists, found.mark) == (True, "ours")
    assert found.known == {"database", "d", "sha256:1"}
    assert found.in_docker == {"database", "d"}
    nowhere = StackState.of("here", None)
    assert (nowhere.exists, nowhere.mark, nowhere.known) == (False, None, frozenset())
