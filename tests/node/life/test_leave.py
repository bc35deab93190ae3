"""A node that ends in order leaves nothing behind, on a real PostgreSQL."""

from contextlib import closing

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
