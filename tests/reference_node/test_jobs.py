"""Jobs in the shared table: who takes them, how they end, what a crash leaves."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.support.postgres import PostgresServer
from tests.support.reference_nodes import MakeNode
from tests.support.server_process import wait_until
from tests.support.servers import TestDatabase

WITHIN_S = 15


@pytest.fixture
def sql(
    postgres: PostgresServer, database: TestDatabase, seeded: None
) -> Iterator[psycopg.Connection]:
    with postgres.connect(database.name) as connection:
        yield connection


@pytest.fixture
def no_jobs(seeded: None, sql: psycopg.Connection) -> None:
    """Tables without the seeded jobs."""
    sql.execute("delete from job_sandbox")


def test_seeded_jobs_of_the_past_run_at_the_first_boot_and_recur(
    make_node: MakeNode, sql: psycopg.Connection
) -> None:
    """The next run is a new pending row, in the future, free for every node."""
    node = make_node(polls=True)
    node.start()
    wait_until("both ran", lambda: _statuses(sql).count("SERVICE_FINISHED") == 2, within_s=WITHIN_S)
    ran = sql.execute(
        "select run_by_instance_id, job_result, finish_date_time >= start_date_time"
        " from job_sandbox where status_id = 'SERVICE_FINISHED'"
    ).fetchall()
    assert ran == [("node-a", "nothing to do", True)] * 2
    following = sql.execute(
        "select parent_job_id, run_by_instance_id, run_time > now() + interval '50 minutes'"
        " from job_sandbox where status_id = 'SERVICE_PENDING' order by 1"
    ).fetchall()
    assert following == [("REFERENCE_HOURLY", None, True), ("REFERENCE_NIGHTLY", None, True)]


@pytest.mark.usefixtures("no_jobs")
def test_two_nodes_run_every_job_once(make_node: MakeNode, sql: psycopg.Connection) -> None:
    """Claiming is one atomic update, whoever comes first."""
    nodes = [make_node(name, polls=True) for name in ("node-a", "node-b")]
    for node in nodes:
        node.start()
    for number in range(40):
        _add_job(sql, f"J{number}", "referenceNoop")
    wait_until("all ran", lambda: _statuses(sql) == ["SERVICE_FINISHED"] * 40, within_s=WITHIN_S)
    runs = sum(node.log.read_text().count("Running Job J") for node in nodes)
    assert runs == 40


@pytest.mark.usefixtures("no_jobs")
def test_a_locked_node_takes_no_job_until_the_lock_is_gone(
    make_node: MakeNode, sql: psycopg.Connection
) -> None:
    """The row that drains a node; another node's row is not its concern."""
    sql.execute("insert into job_manager_lock (instance_id, from_date) values ('node-a', now())")
    node = make_node(polls=True)
    node.start()
    _add_job(sql, "J", "referenceNoop")
    wait_until(
        "it says so", lambda: "job manager is locked" in node.log.read_text(), within_s=WITHIN_S
    )
    assert _statuses(sql) == ["SERVICE_PENDING"]
    sql.execute("update job_manager_lock set instance_id = 'node-z'")
    wait_until("it ran", lambda: _statuses(sql) == ["SERVICE_FINISHED"], within_s=WITHIN_S)


@pytest.mark.usefixtures("no_jobs")
def test_a_job_for_an_unknown_service_fails(make_node: MakeNode, sql: psycopg.Connection) -> None:
    """The reason stands in the row."""
    make_node(polls=True).start()
    _add_job(sql, "J", "testScv")
    wait_until("it failed", lambda: _statuses(sql) == ["SERVICE_FAILED"], within_s=WITHIN_S)
    assert "testScv" in _value(sql, "select job_result from job_sandbox")


@pytest.mark.usefixtures("no_jobs")
def test_an_ordered_end_frees_queued_jobs_and_leaves_running_ones(
    make_node: MakeNode, sql: psycopg.Connection
) -> None:
    """Two threads run, the third job waits; SIGTERM waits for none of them."""
    node = make_node(polls=True)
    node.start()
    for number in range(3):
        _add_job(sql, f"J{number}", "referenceSleep", name="nap 60s")
    expected = ["SERVICE_QUEUED", "SERVICE_RUNNING", "SERVICE_RUNNING"]
    wait_until("two run, one waits", lambda: _statuses(sql) == expected, within_s=WITHIN_S)
    node.stop()
    rows = sql.execute(
        "select status_id, run_by_instance_id from job_sandbox order by 1"
    ).fetchall()
    assert rows == [
        ("SERVICE_PENDING", None),
        ("SERVICE_RUNNING", "node-a"),
        ("SERVICE_RUNNING", "node-a"),
    ]


@pytest.mark.usefixtures("no_jobs")
def test_a_node_that_comes_back_under_its_id_runs_its_crashed_job_again(
    make_node: MakeNode, sql: psycopg.Connection
) -> None:
    """The old row is crashed, a copy runs, and its own semaphores are gone."""
    node = make_node(polls=True)
    node.start()
    _add_job(sql, "J", "referenceSleep", name="nap 60s")
    wait_until("it runs", lambda: _statuses(sql) == ["SERVICE_RUNNING"], within_s=WITHIN_S)
    sql.execute(
        "insert into service_semaphore (service_name, locked_by_instance_id)"
        " values ('mine', 'node-a'), ('theirs', 'node-b')"
    )
    node.kill()
    node.start()
    wait_until(
        "its copy runs",
        lambda: _statuses(sql) == ["SERVICE_CRASHED", "SERVICE_RUNNING"],
        within_s=WITHIN_S,
    )
    copy = sql.execute(
        "select previous_job_id from job_sandbox where status_id = 'SERVICE_RUNNING'"
    ).fetchall()
    assert copy == [("J",)]
    assert sql.execute("select service_name from service_semaphore").fetchall() == [("theirs",)]


def _add_job(sql: psycopg.Connection, job_id: str, service: str, *, name: str = "a job") -> None:
    sql.execute(
        "insert into job_sandbox (job_id, job_name, service_name, status_id, pool_id, run_time)"
        " values (%s, %s, %s, 'SERVICE_PENDING', 'pool', now())",
        [job_id, name, service],
    )


def _statuses(sql: psycopg.Connection) -> list[str]:
    rows = sql.execute("select coalesce(status_id, '') from job_sandbox order by 1").fetchall()
    return [status for (status,) in rows]


def _value(sql: psycopg.Connection, query: str) -> str:
    row = sql.execute(query).fetchone()
    assert row is not None
    return str(row[0])
