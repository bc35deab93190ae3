"""A new release, and data that are asked for, meet a database that is used."""

import base64
import signal
from datetime import UTC, datetime

import pytest

from node.administrator import password_hash
from node.database.guarded_load import EVERY_NODE
from tests.node.database_site import Site
from tests.node.documents import ADMINISTRATOR_PASSWORD
from tests.support.postgres import PostgresServer

LATER = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def site(prepared_site: Site) -> Site:
    return prepared_site


def jobs(site: Site) -> dict[object, datetime]:
    return dict(site.rows("SELECT job_id, run_time FROM job_sandbox"))  # type: ignore[arg-type]  # two columns


def holds(site: Site) -> int:
    return len(site.rows("SELECT 1 FROM job_manager_lock"))


def change(site: Site, statement: str) -> None:
    with site.log_in() as connection:
        connection.execute(statement.encode())


def test_no_recurring_job_is_due_after_the_first_load(site: Site) -> None:
    """Each waits for the next time of its own schedule; what runs once or at a start does not."""
    run_times = jobs(site)
    assert (run_times["8003"].hour, run_times["8003"].minute) == (0, 0)
    assert (run_times["NIGHTLY"].hour, run_times["NIGHTLY"].minute) == (3, 30)
    assert (run_times["8500"].day, run_times["8500"].hour) == (14, 22)
    assert (run_times["STRANGE"].hour, run_times["STRANGE"].minute) == (5, 0)
    for name in ("8003", "NIGHTLY", "8500", "STRANGE"):
        assert run_times[name] > LATER
    assert run_times["ONCE"] == run_times["STARTUP"] == datetime(2000, 1, 1, tzinfo=UTC)


def test_an_interrupted_first_load_moves_its_jobs_in_the_next_attempt(
    database_site: Site,
) -> None:
    """The rows of the first attempt are gone with it, so nothing due is left over."""
    database_site.behave("waits at the end")
    first = database_site.start("app-1")
    database_site.wait_until_it_waits()
    assert jobs(database_site)["8003"].year == 2000
    first.end(signal.SIGKILL)
    database_site.behave("good")
    assert database_site.prepare("app-2")[0] == 0
    assert jobs(database_site)["8003"] > LATER


def test_a_new_release_gets_its_columns_and_loads_no_data(site: Site) -> None:
    """The administrator's password, jobs and the number of seed loads stay as they were."""
    change(site, "UPDATE user_login SET current_password = 'changed in the ERP'")
    before = jobs(site)
    site.release = "2.0"
    site.behave("has a new column")
    code, said = site.prepare("app-2")
    assert code == 0, said
    assert site.seed_loads == 1
    assert site.rows("SELECT current_password, new_field FROM user_login") == [
        ("changed in the ERP", None)
    ]
    assert jobs(site) == before
    assert site.rows(
        "SELECT work, release, state FROM scipio_cluster_preparation ORDER BY attempt"
    ) == [("first load", "1.0", "finished"), ("schema", "2.0", "finished")]


def test_the_way_back_of_a_release_is_open(site: Site) -> None:
    """The older release starts on the newer schema, and needs no administrator for it."""
    site.release = "2.0"
    assert site.prepare("app-2")[0] == 0
    site.release = "1.0"
    site.admin_password = "not needed"
    code, said = site.prepare("app-3")
    assert code == 0, said
    assert len(site.attempts()) == 2


def test_three_nodes_of_a_new_release_add_its_schema_once(site: Site) -> None:
    site.release = "2.0"
    nodes = [site.start(f"app-{number}") for number in (2, 3, 4)]
    assert [node.wait_for_exit(within_s=90) for node in nodes] == [0, 0, 0]
    assert [state for _, state in site.attempts()] == ["finished", "finished"]


def test_an_interrupted_schema_is_begun_again_and_nothing_is_dropped(site: Site) -> None:
    """Only a first load is ever started over."""
    site.release = "2.0"
    site.behave("exit code 99 for files")
    assert site.prepare("app-2")[0] == 69
    site.behave("has a new column")
    code, said = site.prepare("app-3")
    assert code == 0, said
    assert "dropped" not in said
    assert site.rows("SELECT new_field FROM user_login") == [(None,)]
    assert [state for _, state in site.attempts()] == ["finished", "loading", "finished"]


def test_a_higher_data_version_loads_once_and_keeps_the_password(site: Site) -> None:
    """The load writes the public password, which no moment of it is ever in the table."""
    [(before,)] = site.rows("SELECT current_password FROM user_login")
    site.data_version = 2
    site.behave("waits at the end")
    node = site.start("app-2")
    site.wait_until_it_waits()
    assert site.rows("SELECT current_password FROM user_login") == [(before,)]
    assert jobs(site)["8003"].year == 2000
    assert site.rows(
        "SELECT instance_id FROM job_manager_lock WHERE from_date < now() - interval '23 hours'"
    ) == [(EVERY_NODE,)]
    site.behave("good")
    (site.folder / "go on").touch()
    assert node.wait_for_exit(within_s=60) == 0, node.log_text()
    assert site.seed_loads == 2
    assert site.rows("SELECT current_password FROM user_login") == [(before,)]
    assert jobs(site)["8003"] > LATER
    assert holds(site) == 0
    change(site, "UPDATE user_login SET current_password = 'can be changed again'")
    assert site.rows("SELECT current_password FROM user_login") == [("can be changed again",)]


@pytest.mark.parametrize(
    "loss",
    ["UPDATE user_login SET current_password = NULL", "DELETE FROM user_login"],
    ids=["no password", "no log-in"],
)
def test_an_administrator_without_a_password_gets_the_secrets_and_never_the_public_one(
    site: Site, loss: str
) -> None:
    """Also when the load that met it was killed: the next attempt takes nothing public for his."""
    change(site, loss)
    site.data_version = 2
    site.behave("waits at the end")
    first = site.start("app-2")
    site.wait_until_it_waits()
    assert site.rows("SELECT current_password FROM user_login") == [(None,)]
    first.end(signal.SIGKILL)
    site.behave("good")
    code, said = site.prepare("app-3")
    assert code == 0, said
    [(stored,)] = site.rows("SELECT current_password FROM user_login")
    _, salt, _ = str(stored).split("$")
    assert stored == password_hash(ADMINISTRATOR_PASSWORD, base64.b64decode(salt))
    change(site, "UPDATE user_login SET current_password = 'can be changed again'")
    assert site.rows("SELECT current_password FROM user_login") == [("can be changed again",)]


def test_a_purged_job_that_lives_on_under_another_id_is_not_made_twice(site: Site) -> None:
    """The ERP purges the seeded row when its recurrences have long had ids of their own."""
    change(
        site,
        "UPDATE job_sandbox SET job_id = '1' || job_id, parent_job_id = job_id,"
        " status_id = 'SERVICE_PENDING', run_time = '2030-01-01'"
        " WHERE job_id IN ('8003', 'NIGHTLY')",
    )
    site.data_version = 2
    assert site.prepare("app-2")[0] == 0
    run_times = jobs(site)
    assert "8003" not in run_times
    assert "NIGHTLY" not in run_times
    assert "8500" in run_times


def test_a_purged_job_that_does_not_live_on_comes_back_with_its_next_time(site: Site) -> None:
    change(site, "DELETE FROM job_sandbox WHERE job_id = '8003'")
    site.data_version = 2
    assert site.prepare("app-2")[0] == 0
    assert jobs(site)["8003"] > LATER


def test_a_killed_data_load_holds_all_jobs_until_the_next_attempt(site: Site) -> None:
    """What the dead load left is due since years: no node may look for jobs before it is mended."""
    [(before,)] = site.rows("SELECT current_password FROM user_login")
    site.data_version = 2
    site.behave("waits at the end")
    first = site.start("app-2")
    site.wait_until_it_waits()
    first.end(signal.SIGKILL)
    assert holds(site) == 1
    site.behave("good")
    code, said = site.prepare("app-3")
    assert code == 0, said
    assert "dropped" not in said
    assert holds(site) == 0
    assert jobs(site)["8003"] > LATER
    assert site.rows("SELECT current_password FROM user_login") == [(before,)]


def test_somebody_elses_hold_of_all_jobs_stays(site: Site) -> None:
    change(
        site,
        "INSERT INTO job_manager_lock (instance_id, from_date, comments)"
        " VALUES ('_NA_', now(), 'maintenance tonight')",
    )
    site.data_version = 2
    assert site.prepare("app-2")[0] == 0
    assert site.rows("SELECT comments FROM job_manager_lock") == [("maintenance tonight",)]


def test_a_node_with_an_older_data_version_starts_and_loads_nothing(site: Site) -> None:
    """A replaced node of the old colour comes up beside the new one."""
    site.data_version = 2
    assert site.prepare("app-2")[0] == 0
    site.data_version = 1
    assert site.prepare("app-3")[0] == 0
    site.release = "1.1"
    assert site.prepare("app-4")[0] == 0
    assert site.seed_loads == 2
    [(version,)] = site.rows(
        "SELECT data_version FROM scipio_cluster_preparation ORDER BY attempt DESC LIMIT 1"
    )
    assert version == 2


def test_a_database_of_an_agent_that_knew_no_upgrades_is_taken_over(
    site: Site, postgres: PostgresServer
) -> None:
    """Its marker has no column for a release: the schema is looked at once, nothing is loaded."""
    with postgres.connect(site.name) as connection:
        connection.execute(
            "ALTER TABLE scipio_cluster_preparation DROP COLUMN release, DROP COLUMN work"
        )
    assert site.prepare("app-2")[0] == 0
    assert site.seed_loads == 1
    assert site.rows("SELECT work, release FROM scipio_cluster_preparation ORDER BY attempt") == [
        ("first load", None),
        ("schema", "1.0"),
    ]
