"""What a node that was declared dead cannot store any more, on a real PostgreSQL."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from psycopg import sql

from node.database.connection import Connection
from node.life.job_fence import INCARNATION, JOBS, NAME, ensure_job_fence, job_fence_stands
from node.life.sweep import Swept, sweep
from templates.overlay.jdbc_url import (
    INCARNATION_SETTING,
    SCHEMA_LOCK_TIMEOUT_MS,
    jdbc_url,
    with_lock_timeout,
)
from tests.node.database_site import Site
from tests.node.documents import document
from tests.node.life.shared_database import LIMIT_S, LOG, SharedDatabase

LONG_S = 1000.0
DUE = (
    "SELECT job_id FROM job_sandbox WHERE run_time <= now() AND start_date_time IS NULL"
    " AND cancel_date_time IS NULL AND run_by_instance_id IS NULL AND event_id IS NULL"
    " ORDER BY job_id"
)
"""What another node's poll finds: JobManager.java, poll."""


def store(connection: Connection, row: dict[str, object], **fields: object) -> None:
    """As GenericDAO.update: every field that the value holds, by primary key alone."""
    columns = {name: value for name, value in {**row, **fields}.items() if name != "job_id"}
    connection.execute(
        sql.SQL("UPDATE job_sandbox SET {} WHERE job_id = %s").format(
            sql.SQL(", ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in columns)
        ),
        [*columns.values(), row["job_id"]],
    )


def insert(connection: Connection, row: dict[str, object], **fields: object) -> None:
    """As PersistedServiceJob.createRecurrence: a copy with another id."""
    columns = {**row, **fields}
    connection.execute(
        sql.SQL("INSERT INTO job_sandbox ({}) VALUES ({})").format(
            sql.SQL(", ").join(map(sql.Identifier, columns)),
            sql.SQL(", ").join(sql.Placeholder() * len(columns)),
        ),
        list(columns.values()),
    )


@pytest.fixture
def zombie(shared: SharedDatabase) -> Iterator[Connection]:
    """A new session of the JVM of `app-z`, as its pool makes one after the sweep ended all."""
    with closing(shared.connect("app-z")) as session:
        yield session


def give_up(shared: SharedDatabase) -> None:
    assert isinstance(sweep(shared.eye, "app-z", dead_after_s=LIMIT_S), Swept)


@contextmanager
def refused(words: str) -> Iterator[None]:
    with pytest.raises(psycopg.errors.RaiseException, match=words):
        yield


def test_a_job_that_went_back_is_not_marked_failed_by_the_node_that_wakes_up(
    shared: SharedDatabase,
) -> None:
    """Its session was ended, so its job's thread records that: PersistedServiceJob.failed."""
    shared.node("app-z", silent_s=LONG_S)
    shared.node("app-2")
    shared.job("J", "SERVICE_RUNNING", of="app-z", temp_expr_id="MIDNIGHT_DAILY")
    shared.job("NEXT", "SERVICE_PENDING", of=None, previous_job_id="J", run_time="2100-01-01")
    loaded = shared.job_row("J")
    give_up(shared)
    assert shared.rows(DUE) == [("J",)]

    with (
        closing(shared.connect("app-z")) as woken,
        refused('node "app-z" is declared dead, job "J" is not its own'),
    ):
        store(woken, loaded, status_id="SERVICE_FAILED", finish_date_time="2026-01-01")

    assert shared.rows(DUE) == [("J",)]
    shared.eye.execute("UPDATE job_sandbox SET run_by_instance_id = 'app-2' WHERE job_id = 'J'")
    with refused("declared dead"):
        store(shared.eye, loaded, status_id="SERVICE_FINISHED", finish_date_time="2026-01-01")
    assert shared.owner("J") == "app-2"
    assert shared.job_row("NEXT")["status_id"] == "SERVICE_PENDING"


def test_neither_its_retry_nor_a_second_chain_of_a_recurring_job_comes_into_being(
    shared: SharedDatabase,
) -> None:
    """It had marked the job as running, and not inserted the next time: J keeps its schedule."""
    shared.node("app-z", silent_s=LONG_S)
    shared.job("J", "SERVICE_RUNNING", of="app-z", temp_expr_id="MIDNIGHT_DAILY")
    loaded = shared.job_row("J")
    give_up(shared)
    assert shared.job_row("J")["temp_expr_id"] == "MIDNIGHT_DAILY"

    with closing(shared.connect("app-z")) as woken, refused("declared dead"):
        insert(
            woken,
            loaded,
            job_id="AGAIN",
            previous_job_id="J",
            run_by_instance_id=None,
            start_date_time=None,
        )
    assert shared.rows("SELECT job_id FROM job_sandbox") == [("J",)]


def test_it_claims_nothing(shared: SharedDatabase, zombie: Connection) -> None:
    shared.node("app-z", silent_s=LONG_S, state="dead")
    shared.job("J", "SERVICE_PENDING", of=None)
    with refused("declared dead"):
        zombie.execute("UPDATE job_sandbox SET run_by_instance_id = 'app-z' WHERE job_id = 'J'")
    assert shared.owner("J") is None


def test_a_node_is_fenced_between_the_two_steps_of_a_sweep(
    shared: SharedDatabase,
) -> None:
    """Its running job is still its own, and is not marked failed."""
    shared.node("app-z", silent_s=LONG_S)
    shared.job("J", "SERVICE_RUNNING", of="app-z")
    loaded = shared.job_row("J")
    shared.eye.execute("UPDATE scipio_cluster_node SET state = 'dead'")
    with closing(shared.connect("app-z")) as woken, refused("declared dead"):
        store(woken, loaded, status_id="SERVICE_FAILED", finish_date_time="2026-01-01")
    give_up(shared)
    assert shared.rows(DUE) == [("J",)]


def test_start_up_jobs_of_a_dead_node_that_is_swept_again_are_ended(
    shared: SharedDatabase,
) -> None:
    """The row keeps its owner, and is stored by whoever sweeps."""
    shared.node("app-z", silent_s=LONG_S)
    shared.job("START", "SERVICE_RUNNING", of="app-z", event_id="SCH_EVENT_STARTUP")
    shared.eye.execute("UPDATE scipio_cluster_node SET state = 'dead'")
    give_up(shared)
    assert shared.job_row("START")["status_id"] == "SERVICE_CRASHED"


def test_an_older_run_of_a_node_that_started_anew_takes_no_job(shared: SharedDatabase) -> None:
    """Both have one instance id; the run is told by a setting of the JVM's sessions."""
    shared.node("app-z")
    shared.job("J", "SERVICE_PENDING", of=None)
    claim = "UPDATE job_sandbox SET run_by_instance_id = 'app-z' WHERE job_id = 'J'"
    with closing(shared.connect("app-z")) as session:
        session.execute("SELECT set_config(%s, 'an older run', false)", (INCARNATION,))
        with refused('another run of node "app-z" has its jobs, "J" among them'):
            session.execute(claim.encode())
        session.execute("SELECT set_config(%s, 'first app-z', false)", (INCARNATION,))
        session.execute(claim.encode())
    assert shared.owner("J") == "app-z"


def test_the_sessions_of_a_jvm_say_which_run_they_belong_to(shared: SharedDatabase) -> None:
    """In the driver's parameter `options`; those of its loader are told their limits besides."""
    url = jdbc_url(document(database_port=1).database, "app-1", "none", incarnation="abc123")
    assert INCARNATION_SETTING == INCARNATION
    for jdbc, limit in ((url, "0"), (with_lock_timeout(url), f"{SCHEMA_LOCK_TIMEOUT_MS}ms")):
        [options] = parse_qs(urlsplit(jdbc.removeprefix("jdbc:")).query)["options"]
        with closing(shared.log_in("app-1").connect(options=options)) as session:
            told = session.execute("SELECT current_setting(%s)", (INCARNATION,)).fetchone()
            assert told == ("abc123",)
            assert session.execute("SHOW lock_timeout").fetchone() == (limit,)


def test_living_nodes_and_loads_of_data_store_what_they_store(
    shared: SharedDatabase, zombie: Connection
) -> None:
    """Rows that ended long ago may be changed by anybody, also where their node is dead by now; a
    dead node that starts anew loads data before it is entered again.
    """
    shared.node("app-2")
    shared.job("DONE", "SERVICE_FINISHED", of="app-z", finish_date_time="2026-01-01")
    shared.node("app-z", state="dead", silent_s=LONG_S)
    with closing(shared.connect("app-2")) as other:
        insert(other, {"job_id": "NEW", "previous_job_id": "DONE", "run_by_instance_id": None})
        other.execute("UPDATE job_sandbox SET run_by_instance_id = 'app-2' WHERE job_id = 'NEW'")
        other.execute("UPDATE job_sandbox SET status_id = 'SERVICE_QUEUED' WHERE job_id = 'NEW'")
        other.execute("UPDATE job_sandbox SET job_name = 'x' WHERE job_id = 'DONE'")
    zombie.execute("INSERT INTO job_sandbox (job_id, run_time) VALUES ('SEEDED', '2000-01-01')")
    zombie.execute("UPDATE job_sandbox SET run_time = '2001-01-01' WHERE job_id = 'DONE'")
    zombie.execute("UPDATE job_sandbox SET run_time = '2001-01-01' WHERE job_id = 'SEEDED'")


def test_without_the_table_of_heartbeats_jobs_are_stored_as_in_a_stock_erp(
    shared: SharedDatabase,
) -> None:
    """As after a restore of an older dump."""
    with shared.postgres.connect(shared.name) as administrator:
        administrator.execute("ALTER TABLE scipio_cluster_node RENAME TO away")
        try:
            shared.job("J", "SERVICE_QUEUED", of="app-z")
        finally:
            administrator.execute("ALTER TABLE away RENAME TO scipio_cluster_node")


# --- how it comes into being


@pytest.fixture
def administrator(shared: SharedDatabase) -> Iterator[Connection]:
    """Without the fence; it stands again at the end."""
    with shared.postgres.connect(shared.name) as connection:
        connection.execute(f"DROP FUNCTION public.{NAME} CASCADE".encode())
        assert not job_fence_stands(connection)
        yield connection
        ensure_job_fence(connection, LOG)


def test_a_database_of_an_older_agent_gets_it_once(
    shared: SharedDatabase, administrator: Connection
) -> None:
    """The application's role, which every start asks first, sees whether it stands."""
    assert not job_fence_stands(shared.eye)
    ensure_job_fence(administrator, LOG)
    assert job_fence_stands(shared.eye)
    before = administrator.execute("SELECT oid FROM pg_trigger WHERE tgname = %s", (NAME,))
    made = before.fetchall()
    ensure_job_fence(administrator, LOG)
    after = administrator.execute("SELECT oid FROM pg_trigger WHERE tgname = %s", (NAME,))
    assert (after.fetchall(), len(made)) == (made, 1)


def test_a_fence_of_another_release_is_replaced_without_touching_the_table(
    shared: SharedDatabase, administrator: Connection
) -> None:
    ensure_job_fence(administrator, LOG)
    administrator.execute(
        f"CREATE OR REPLACE FUNCTION public.{NAME}() RETURNS trigger LANGUAGE plpgsql"
        " AS 'BEGIN RETURN NEW; END'".encode()
    )
    assert not job_fence_stands(shared.eye)
    with shared.eye.transaction():
        shared.eye.execute("LOCK TABLE job_sandbox IN ACCESS EXCLUSIVE MODE")
        ensure_job_fence(administrator, LOG, patience_s=0)
        assert job_fence_stands(shared.eye)


def test_a_table_that_is_used_all_the_time_is_fenced_by_the_next_start(
    shared: SharedDatabase, administrator: Connection, capfd: pytest.CaptureFixture[str]
) -> None:
    """Nothing waits behind it for longer than its lock's limit, and the node starts."""
    with shared.eye.transaction():
        shared.job("J", "SERVICE_PENDING", of=None)
        ensure_job_fence(administrator, LOG, patience_s=0)
    assert not job_fence_stands(shared.eye)
    assert (
        "Jobs are not fenced yet, the next start of a node tries again: " in capfd.readouterr().out
    )
    ensure_job_fence(administrator, LOG)
    assert job_fence_stands(shared.eye)


def test_where_no_jobs_are_yet_nothing_is_missing(shared: SharedDatabase) -> None:
    """A database that nobody has loaded."""
    with shared.postgres.connect("postgres") as connection:
        assert connection.execute("SELECT to_regclass(%s)", (JOBS,)).fetchone() == (None,)
        assert job_fence_stands(connection)


def test_a_database_that_an_older_agent_prepared_gets_it_at_the_next_start(
    database_site: Site,
) -> None:
    """Without a load; and so does a new one."""
    code, said = database_site.prepare()
    assert code == 0, said
    with database_site.postgres.connect(database_site.name) as connection:
        assert job_fence_stands(connection)
        connection.execute(f"DROP FUNCTION public.{NAME} CASCADE".encode())
        code, said = database_site.prepare("app-2")
        assert code == 0, said
        assert job_fence_stands(connection)
    assert database_site.seed_loads == 1


def test_a_dead_node_that_starts_anew_loads_data_before_it_is_entered_again(
    database_site: Site,
) -> None:
    """Its loader's sessions are called as its JVM's."""
    database_site.prepare()
    with database_site.postgres.connect(database_site.name) as connection:
        connection.execute(
            "INSERT INTO scipio_cluster_node (instance_id, incarnation, host, state)"
            " VALUES ('app-1', 'first', 'host', 'dead')"
        )
    database_site.data_version = 2
    code, said = database_site.prepare()
    assert code == 0, said
    assert database_site.seed_loads == 2
