"""A node that ends in order leaves nothing behind, on a real PostgreSQL."""

import subprocess
import sys
from contextlib import closing

import psycopg
import pytest

from node.errors import DatabaseUnavailableError
from node.life import job_lock
from node.life.leave import Left, leave
from tests.node.life.shared_database import LIMIT_S, SharedDatabase


def left(shared: SharedDatabase, incarnation: str = "first app-1") -> Left | None:
    return leave(shared.eye, "app-1", incarnation, dead_after_s=LIMIT_S)


def test_everything_goes_back_and_nothing_tells_of_it_any_more(shared: SharedDatabase) -> None:
    shared.node("app-1", state="draining")
    shared.node("app-2")
    job_lock.put(shared.eye, "app-1")
    shared.job("WAITS", "SERVICE_QUEUED", of="app-1")
    shared.job("RUNS", "SERVICE_RUNNING", of="app-1")
    shared.job("DONE", "SERVICE_FINISHED", of="app-1", finish_date_time="2026-01-01")
    shared.semaphore("rebuildSolrIndex", of="app-1")

    assert str(left(shared)) == (
        "Left the cluster: 1 waiting and 1 running jobs to be run by others, 0 start-up jobs "
        "crashed, 1 semaphores released."
    )

    assert (shared.owner("WAITS"), shared.owner("RUNS")) == (None, None)
    assert shared.owner("DONE") == "app-2"
    assert (shared.state("app-1"), shared.job_locks(), shared.semaphores()) == (None, [], [])


def test_the_last_node_leaves_a_note_for_whoever_purges_its_ended_jobs(
    shared: SharedDatabase,
) -> None:
    """A node whose heartbeat is old, or that is starting, is no heir yet; a search node never."""
    shared.node("app-1")
    shared.node("app-2", silent_s=1000)
    shared.node("app-3", state="starting")
    shared.node("search", role="search")
    shared.job("DONE", "SERVICE_FINISHED", of="app-1", finish_date_time="2026-01-01")
    left(shared)
    assert (shared.state("app-1"), shared.owner("DONE")) == ("left", "app-1")


def test_a_run_whose_id_another_one_has_touches_nothing(shared: SharedDatabase) -> None:
    shared.node("app-1")
    shared.job("J", "SERVICE_RUNNING", of="app-1")
    assert left(shared, "an older run") is None
    assert (shared.state("app-1"), shared.owner("J")) == ("alive", "app-1")


def test_a_run_that_was_declared_dead_stays_fenced(shared: SharedDatabase) -> None:
    shared.node("app-1", state="dead")
    job_lock.put(shared.eye, "app-1")
    assert left(shared) is None
    assert shared.job_locks() == [("app-1",)]


def test_what_the_server_still_does_for_the_jvm_is_ended(shared: SharedDatabase) -> None:
    """A statement that a killed JVM had sent must not change a job that went back."""
    shared.node("app-1")
    shared.job("J", "SERVICE_RUNNING", of="app-1")
    with closing(shared.connect("app-1")) as jvm:
        jvm.execute("BEGIN")
        jvm.execute("UPDATE job_sandbox SET status_id = 'SERVICE_FINISHED'")
        left(shared)
    assert shared.job_row("J")["status_id"] == "SERVICE_PENDING"


JVM = """
import sys, psycopg
sessions = [psycopg.connect(sys.argv[2]) for _ in range(int(sys.argv[1]))]
print("connected", flush=True)
sys.stdin.read()
"""
"""As many sessions as a pool has; a process that can be killed with them."""


def kill_a_jvm(shared: SharedDatabase, sessions: int) -> None:
    """Its sessions end by themselves from now on, one after another."""
    log_in = shared.log_in("app-1")
    place = psycopg.conninfo.make_conninfo(
        host=log_in.host,
        port=log_in.port,
        dbname=log_in.name,
        user=log_in.user,
        password=log_in.password,
        application_name=log_in.application,
    )
    with subprocess.Popen(
        [sys.executable, "-c", JVM, str(sessions), place],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as jvm:
        assert jvm.stdout is not None
        assert jvm.stdout.readline() == b"connected\n"
        jvm.kill()


@pytest.mark.parametrize("sessions", [1, 20])
def test_sessions_that_end_by_themselves_meanwhile_are_gone(
    shared: SharedDatabase, sessions: int
) -> None:
    """Ten times, since it is a race: each session may go between the list and its turn."""
    for _ in range(10):
        shared.empty()
        shared.node("app-1")
        shared.job("J", "SERVICE_RUNNING", of="app-1")
        kill_a_jvm(shared, sessions)
        assert left(shared) is not None
        assert shared.owner("J") is None


def test_a_session_that_does_not_end_is_said_and_nothing_goes_back(
    shared: SharedDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it has not committed may still come."""
    monkeypatch.setattr("node.life.jvm_sessions.END_WITHIN_S", 0.2)
    monkeypatch.setattr(
        "node.life.jvm_sessions._END",
        "SELECT 1, pid FROM pg_stat_activity WHERE application_name = %s",
    )
    shared.node("app-1")
    shared.job("J", "SERVICE_RUNNING", of="app-1")
    with (
        closing(shared.connect("app-1")),
        pytest.raises(DatabaseUnavailableError, match="1 database sessions of 'app-1' did not end"),
    ):
        left(shared)
    assert shared.owner("J") == "app-1"
