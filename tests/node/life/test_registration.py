"""Who gets an instance id, on a real PostgreSQL."""

from collections.abc import Callable
from contextlib import closing

import pytest

from contract.names import NodeRole
from node.errors import CONFIGURATION, DatabaseUnavailableError
from node.life import job_lock, node_lock
from node.life.registration import NodeIdTakenError, register
from tests.node.life.shared_database import LIMIT_S, SharedDatabase

ENOUGH_S = 60.0


def enter(shared: SharedDatabase, *, patience_s: float = 0, host: str = "second") -> str:
    return register(shared.eye, "app-1", host, dead_after_s=LIMIT_S, patience_s=patience_s)


def test_a_new_id_is_entered(shared: SharedDatabase) -> None:
    incarnation = enter(shared)
    assert shared.rows("SELECT instance_id, incarnation, host, state FROM scipio_cluster_node") == [
        ("app-1", incarnation, "second", "starting")
    ]


@pytest.mark.parametrize("role", ["app", "search"])
def test_its_role_is_entered_too(shared: SharedDatabase, role: NodeRole) -> None:
    """Also where the id was a node's of another role before."""
    shared.node("app-1", state="dead", role="app" if role == "search" else "search")
    register(shared.eye, "app-1", "host", role=role, dead_after_s=LIMIT_S)
    assert shared.rows("SELECT role FROM scipio_cluster_node") == [(role,)]


def test_every_run_has_a_name_of_its_own(shared: SharedDatabase) -> None:
    first = enter(shared)
    shared.eye.execute("UPDATE scipio_cluster_node SET state = 'alive'")
    assert enter(shared) != first


def test_a_killed_run_is_followed_at_once(shared: SharedDatabase) -> None:
    """Its last heartbeat may be a moment old: its lock is free and no session of it works."""
    shared.node("app-1", silent_s=0.1)
    incarnation = enter(shared)
    assert shared.rows("SELECT incarnation, state FROM scipio_cluster_node") == [
        (incarnation, "starting")
    ]


def test_an_id_whose_agent_is_connected_is_refused(shared: SharedDatabase) -> None:
    """The message says who has the id, since when and what to do; nothing is changed."""
    shared.node("app-1", silent_s=100)
    shared.job("J", "SERVICE_QUEUED", of="app-1")
    before = shared.rows("SELECT * FROM scipio_cluster_node")
    with closing(shared.connect("keeper of app-1")) as first:
        assert node_lock.try_hold(first, "app-1")
        with pytest.raises(
            NodeIdTakenError,
            match=r"'app-1' is taken by a node on host 'host', started 20.*: its agent is connected"
            r".*Give this node an id of its own",
        ) as refused:
            enter(shared)
    assert refused.value.exit_code == CONFIGURATION
    assert shared.rows("SELECT * FROM scipio_cluster_node") == before
    assert shared.owner("J") == "app-1"


def test_an_id_whose_heart_beats_is_refused_without_patience(
    shared: SharedDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second beat of somebody else is enough."""
    shared.node("app-1")

    def beat(_s: float) -> None:
        shared.eye.execute("UPDATE scipio_cluster_node SET seen_at = clock_timestamp()")

    monkeypatch.setattr("node.life.registration.time.sleep", beat)
    with closing(shared.connect("keeper of app-1")) as first:
        assert node_lock.try_hold(first, "app-1")
        with pytest.raises(NodeIdTakenError):
            enter(shared, patience_s=1e6)


def test_an_id_whose_jvm_works_is_refused(shared: SharedDatabase) -> None:
    """Its agent may have died, and is started again by its node."""
    shared.node("app-1", silent_s=100)
    with closing(shared.connect("app-1")) as jvm:
        jvm.execute("SELECT 1")
        with pytest.raises(NodeIdTakenError, match="it works in the database"):
            enter(shared)
        assert not jvm.closed


def test_an_id_of_a_starting_node_is_refused(shared: SharedDatabase) -> None:
    """Between its preparation and its agent's first beat nothing else tells of it."""
    enter(shared, host="first")
    with pytest.raises(NodeIdTakenError, match=r"host 'first'.*: it is starting"):
        enter(shared)


def test_of_two_that_start_at_once_the_second_waits_for_the_first_to_beat_or_go(
    shared: SharedDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A node that died while it started keeps its id for a few seconds only."""
    enter(shared, host="first")

    def time_passes(_s: float) -> None:
        shared.eye.execute("UPDATE scipio_cluster_node SET seen_at = seen_at - interval '5 s'")

    monkeypatch.setattr("node.life.registration.time.sleep", time_passes)
    enter(shared, patience_s=ENOUGH_S)
    assert shared.rows("SELECT host FROM scipio_cluster_node") == [("second",)]


def test_the_jvm_of_a_lost_host_is_ended(
    shared: SharedDatabase, wait_for_silence: Callable[[str], None]
) -> None:
    """Its sessions are still open on the server, and do nothing."""
    shared.node("app-1", silent_s=100)
    with closing(shared.connect("app-1")) as jvm:
        wait_for_silence("app-1")
        enter(shared)
        assert not shared.rows("SELECT 1 FROM pg_stat_activity WHERE application_name = 'app-1'")
        assert jvm is not None


def test_what_the_earlier_run_had_not_begun_is_free_and_what_ran_is_the_erps(
    shared: SharedDatabase,
) -> None:
    shared.node("app-1", silent_s=100)
    shared.job("CLAIMED", "SERVICE_PENDING", of="app-1", temp_expr_id="DAILY")
    shared.job("RUNS", "SERVICE_RUNNING", of="app-1")
    enter(shared)
    row = shared.job_row("CLAIMED")
    assert (row["run_by_instance_id"], row["temp_expr_id"]) == (None, "DAILY")
    assert shared.owner("RUNS") == "app-1"


def test_a_fenced_node_may_take_jobs_again_when_it_starts_anew(shared: SharedDatabase) -> None:
    """Its own lock row goes; one that an operator has made stays."""
    shared.node("app-1", silent_s=100, state="dead")
    job_lock.put(shared.eye, "app-1")
    shared.eye.execute(
        "INSERT INTO job_manager_lock (instance_id, from_date, comments)"
        " VALUES ('app-1', now(), 'month end'), ('_NA_', now(), NULL)"
    )
    enter(shared)
    assert shared.rows("SELECT instance_id, comments FROM job_manager_lock ORDER BY 1") == [
        ("_NA_", None),
        ("app-1", "month end"),
    ]


def test_a_session_that_takes_its_time_to_end_is_waited_for(
    shared: SharedDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A quick restart is no outage of the database."""
    tries: list[str] = []

    def end(_connection: object, instance_id: str) -> int:
        tries.append(instance_id)
        if len(tries) == 1:
            raise DatabaseUnavailableError("A session did not end.")
        return 0

    monkeypatch.setattr("node.life.registration.jvm_sessions.end", end)
    monkeypatch.setattr("node.life.registration.PAUSE_S", 0)
    enter(shared, patience_s=ENOUGH_S)
    assert tries == ["app-1", "app-1"]


def test_a_session_that_never_ends_keeps_the_id(
    shared: SharedDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(_connection: object, _instance_id: str) -> int:
        raise DatabaseUnavailableError("A session did not end.")

    monkeypatch.setattr("node.life.registration.jvm_sessions.end", end)
    shared.node("app-1", silent_s=100)
    with pytest.raises(NodeIdTakenError, match=r"'app-1' is taken .*: A session did not end"):
        enter(shared)
