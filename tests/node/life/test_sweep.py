"""Who is declared dead and who is not, and what happens to both, on a real PostgreSQL."""

import threading
from collections import Counter
from collections.abc import Callable
from contextlib import closing

import psycopg
import pytest

from node.database.connection import Connection
from node.life import job_lock, node_lock
from node.life.job_fence import let_hand_back
from node.life.sweep import Spared, Swept, forget_long_gone, silent_nodes, sweep
from tests.node.life.shared_database import LIMIT_S, SharedDatabase
from tests.support.server_process import wait_until

LONG_S = 1000.0
CLAIM = (
    "UPDATE job_sandbox SET run_by_instance_id = %s WHERE run_by_instance_id IS NULL AND job_id ="
    " (SELECT job_id FROM job_sandbox WHERE run_time <= now() AND start_date_time IS NULL"
    " AND cancel_date_time IS NULL AND run_by_instance_id IS NULL ORDER BY run_time LIMIT 1)"
    " RETURNING job_id"
)
"""How the ERP claims: JobManager.java:230-260, 420-421."""


def swept(shared: SharedDatabase, silent: str = "gone") -> Swept | Spared:
    return sweep(shared.eye, silent, dead_after_s=LIMIT_S)


def lasting(shared: SharedDatabase) -> Connection:
    """A connection that has lasted as long as the limit."""
    connection = shared.connect("keeper of lives")
    wait_until(
        "the connection is old enough",
        lambda: (
            connection.execute(
                "SELECT backend_start < clock_timestamp() - make_interval(secs => %s)"
                " FROM pg_stat_activity WHERE pid = pg_backend_pid()",
                (LIMIT_S,),
            ).fetchone()
            == (True,)
        ),
        within_s=60,
    )
    return connection


def test_a_node_that_is_gone_is_declared_dead_kept_from_jobs_and_relieved_of_its_own(
    shared: SharedDatabase,
) -> None:
    shared.node("gone", silent_s=LONG_S)
    shared.node("lives")
    shared.job("J", "SERVICE_RUNNING", of="gone")
    shared.job("DONE", "SERVICE_FINISHED", of="gone", finish_date_time="2026-01-01")
    shared.semaphore("rebuildSolrIndex", of="gone")

    outcome = swept(shared)

    assert isinstance(outcome, Swept)
    assert str(outcome) == (
        "Node 'gone' is gone: 0 waiting and 1 running jobs to be run by others, 0 start-up jobs "
        "crashed, 1 semaphores released, 1 ended jobs taken over for purging."
    )
    assert shared.state("gone") == "dead"
    assert shared.job_locks() == [("gone",)]
    assert (shared.owner("J"), shared.owner("DONE")) == (None, "lives")
    assert shared.semaphores() == []


def refused(shared: SharedDatabase, reason: str) -> None:
    """Nothing at all was changed."""
    shared.job("J", "SERVICE_RUNNING", of="gone")
    before = shared.rows("SELECT * FROM scipio_cluster_node, job_sandbox")
    assert swept(shared) == Spared(instance_id="gone", reason=reason)
    assert shared.rows("SELECT * FROM scipio_cluster_node, job_sandbox") == before
    assert shared.job_locks() == []


def test_a_slow_node_whose_agent_is_connected_is_not_robbed(shared: SharedDatabase) -> None:
    shared.node("gone", silent_s=LONG_S)
    with closing(shared.connect("keeper of gone")) as keeper:
        assert node_lock.try_hold(keeper, "gone")
        refused(shared, "its agent is connected")


def test_a_node_whose_jvm_works_is_not_robbed(shared: SharedDatabase) -> None:
    """Its agent is down, its heartbeat old and its lock free."""
    shared.node("gone", silent_s=LONG_S)
    with closing(shared.connect("gone")) as jvm:
        jvm.execute("SELECT 1")
        refused(shared, "it works in the database")


def test_a_node_in_a_long_statement_is_not_robbed(shared: SharedDatabase) -> None:
    shared.node("gone", silent_s=LONG_S)
    with closing(shared.connect("gone")) as jvm:
        statement = threading.Thread(target=slow_statement, args=(jvm,))
        statement.start()
        wait_until(
            "the statement has lasted longer than the limit",
            lambda: bool(
                shared.rows(
                    "SELECT 1 FROM pg_stat_activity WHERE application_name = 'gone' AND state ="
                    " 'active' AND state_change < clock_timestamp() - make_interval(secs => %s)",
                    LIMIT_S,
                )
            ),
            within_s=60,
        )
        refused(shared, "it works in the database")
        jvm.cancel_safe()
        statement.join()


def slow_statement(connection: Connection) -> None:
    with pytest.raises(psycopg.errors.QueryCanceled):
        connection.execute("SELECT pg_sleep(600)")


def test_a_node_that_came_back_meanwhile_is_not_robbed(shared: SharedDatabase) -> None:
    shared.node("gone", silent_s=0)
    refused(shared, "it has come back")


def test_one_sweeps_at_a_time(shared: SharedDatabase) -> None:
    shared.node("gone", silent_s=LONG_S)
    with closing(shared.connect("keeper of another")) as other, other.transaction():
        assert node_lock.try_be_sweeper(other)
        refused(shared, "another node is sweeping")


def test_a_frozen_jvm_is_cut_off_from_what_it_had_begun(
    shared: SharedDatabase, wait_for_silence: Callable[[str], None]
) -> None:
    """It holds the very row that goes back, in a transaction that it will not end."""
    shared.node("gone", silent_s=LONG_S)
    shared.job("J", "SERVICE_RUNNING", of="gone")
    with closing(shared.connect("gone")) as jvm:
        jvm.execute("BEGIN")
        jvm.execute("UPDATE job_sandbox SET status_id = 'SERVICE_FINISHED'")
        wait_for_silence("gone")

        assert isinstance(swept(shared), Swept)

        with pytest.raises(psycopg.OperationalError):
            jvm.execute("COMMIT")
    assert shared.job_row("J")["status_id"] == "SERVICE_PENDING"


def test_what_a_dead_node_still_has_goes_back_too(shared: SharedDatabase) -> None:
    """The sweep was cut off half-way, or jobs were not fenced yet."""
    shared.node("gone", silent_s=LONG_S)
    swept(shared)
    connection = lasting(shared)
    assert silent_nodes(connection, "lives", LIMIT_S) == ()
    with shared.eye.transaction():
        let_hand_back(shared.eye)
        shared.job("LATE", "SERVICE_QUEUED", of="gone")

    assert silent_nodes(connection, "lives", LIMIT_S) == ("gone",)
    assert isinstance(swept(shared), Swept)
    assert shared.owner("LATE") is None
    assert shared.job_locks() == [("gone",)]


def test_after_an_outage_everybody_gets_the_whole_time_to_come_back(
    shared: SharedDatabase,
) -> None:
    """All heartbeats are old then; who is connected first must not take the others for dead."""
    shared.node("gone", silent_s=LONG_S)
    with closing(shared.connect("keeper of lives")) as fresh:
        assert silent_nodes(fresh, "lives", 60.0) == ()
    assert silent_nodes(lasting(shared), "lives", LIMIT_S) == ("gone",)


def test_nobody_suspects_himself_or_a_node_that_beats(shared: SharedDatabase) -> None:
    connection = lasting(shared)
    shared.node("lives", silent_s=LONG_S)
    shared.node("beats", silent_s=0)
    assert silent_nodes(connection, "lives", LIMIT_S) == ()


def test_rows_of_an_id_that_never_had_a_heartbeat_are_let_alone(shared: SharedDatabase) -> None:
    """It may be a node of an older release, or somebody's ERP outside of the cluster."""
    connection = lasting(shared)
    shared.job("J", "SERVICE_RUNNING", of="stranger")
    assert silent_nodes(connection, "lives", LIMIT_S) == ()


def test_a_node_that_left_is_relieved_of_its_ended_jobs_and_not_fenced(
    shared: SharedDatabase,
) -> None:
    shared.node("gone", silent_s=LONG_S, state="left")
    shared.node("lives")
    shared.job("DONE", "SERVICE_FINISHED", of="gone", finish_date_time="2026-01-01")
    swept(shared)
    assert shared.owner("DONE") == "lives"
    assert (shared.state("gone"), shared.job_locks()) == ("left", [])


def test_ended_jobs_wait_for_a_node_that_will_purge_them(shared: SharedDatabase) -> None:
    """A search node polls for no jobs, and so purges none: it sweeps, and is no heir."""
    shared.node("gone", silent_s=LONG_S)
    shared.node("a-search", role="search")
    shared.job("DONE", "SERVICE_FINISHED", of="gone", finish_date_time="2026-01-01")
    outcome = swept(shared)
    assert isinstance(outcome, Swept)
    assert (outcome.adopted, shared.owner("DONE")) == (0, "gone")

    assert "gone" in silent_nodes(lasting(shared), "a-search", LIMIT_S)
    shared.node("lives")
    swept(shared)
    assert shared.owner("DONE") == "lives"


def test_heartbeats_of_the_long_gone_do_not_pile_up(shared: SharedDatabase) -> None:
    """With them their lock rows go; operators' stay, and so does who died a moment ago."""
    week_s = 7 * 24 * 3600
    shared.node("old", silent_s=week_s + 60, state="dead")
    shared.node("new", silent_s=week_s - 60, state="dead")
    shared.node("silent", silent_s=week_s + 60)
    for instance_id in ("old", "new"):
        job_lock.put(shared.eye, instance_id)
    assert forget_long_gone(shared.eye) == ("old",)
    assert shared.job_locks() == [("new",)]
    assert (shared.state("old"), shared.state("silent")) == (None, "alive")


def test_every_job_is_claimed_once_while_living_nodes_poll(shared: SharedDatabase) -> None:
    """Two nodes claim as the ERP does, as fast as they can, while a third one's jobs go back."""
    shared.node("gone", silent_s=LONG_S)
    shared.eye.execute(
        "INSERT INTO job_sandbox (job_id, status_id, run_by_instance_id, run_time)"
        " SELECT n::text, 'SERVICE_QUEUED', CASE WHEN n % 2 = 0 THEN 'gone' END, '2026-01-01'"
        " FROM generate_series(1, 200) AS n"
    )
    claimed: Counter[str] = Counter()
    done = threading.Event()

    def poll(instance_id: str) -> None:
        connection = shared.connect(instance_id)
        while True:
            ended = done.is_set()
            row = connection.execute(CLAIM, (instance_id,)).fetchone()
            if row is not None:
                claimed[str(row[0])] += 1
            elif ended:
                return

    pollers = [threading.Thread(target=poll, args=(name,)) for name in ("lives", "another")]
    for poller in pollers:
        poller.start()
    outcome = swept(shared)
    done.set()
    for poller in pollers:
        poller.join()

    assert isinstance(outcome, Swept)
    assert outcome.handed_back.waiting == 100
    assert claimed == Counter({str(n): 1 for n in range(1, 201)})
    assert shared.rows("SELECT count(*) FROM job_sandbox WHERE run_by_instance_id = 'gone'") == [
        (0,)
    ]
