"""The database's image: a cluster that is complete or not there, whatever cuts its making off."""

from collections.abc import Mapping

import docker
import pytest

from templates.database.context import PgHba, PostgresqlConf
from templates.renderer import render
from tests.image.conftest import Images
from tests.image.container import Trial, container, volume
from tests.support.server_process import wait_until

pytestmark = pytest.mark.docker

FOLDER = "/etc/postgresql-cluster"
VOLUME = "/var/lib/postgresql"
PASSWORD = "of-the-administrator"


@pytest.fixture(scope="module")
def configuration() -> Mapping[str, str | bytes]:
    """What the platform puts into the container."""
    return {
        f"{FOLDER}/postgresql.conf": render(PostgresqlConf(max_connections=20)),
        f"{FOLDER}/pg_hba.conf": render(
            PgHba(database="app", app_user="app", admin_user="postgres")
        ),
        f"{FOLDER}/admin-password": f"{PASSWORD}\n",
    }


def query(trial: Trial, sql: str, *, password: str = PASSWORD) -> tuple[int, str]:
    """Asks over TCP, as the administrator."""
    return trial.ask(
        "env", f"PGPASSWORD={password}", "psql", "-h127.0.0.1", "-Upostgres", "-qAtc", sql
    )


def test_the_administrator_logs_in_with_the_password_of_the_file(
    engine: docker.DockerClient, images: Images, configuration: Mapping[str, str | bytes]
) -> None:
    with container(engine, images.database, files=configuration) as trial:
        assert "accepting connections" in trial.wait_for("database-health")
        assert query(trial, "show max_connections") == (0, "20\n")
        assert query(trial, "show data_checksums") == (0, "on\n")
        code, answer = query(trial, "select 1", password="another")
        assert (code, "password authentication failed" in answer) == (2, True)
        assert PASSWORD not in trial.log()


def test_data_outlives_the_container_and_the_stop_is_clean(
    engine: docker.DockerClient, images: Images, configuration: Mapping[str, str | bytes]
) -> None:
    with volume(engine) as data:
        with container(engine, images.database, files=configuration, volumes={data: VOLUME}) as one:
            one.wait_for("database-health")
            assert query(one, "create table kept as select 42 as answer")[0] == 0
            one.container.stop(timeout=30)
            code, log = one.end()
            assert (code, "database system is shut down" in log) == (0, True)
        with container(engine, images.database, files=configuration, volumes={data: VOLUME}) as two:
            two.wait_for("database-health")
            assert query(two, "select answer from kept") == (0, "42\n")
            assert "first start" not in two.log()


def test_a_first_start_that_was_cut_off_starts_over(
    engine: docker.DockerClient, images: Images, configuration: Mapping[str, str | bytes]
) -> None:
    with volume(engine) as data:
        with container(engine, images.database, files=configuration, volumes={data: VOLUME}) as cut:
            half_made = f"test -e {VOLUME}/data.unfinished/base/1/PG_VERSION"
            wait_until(
                "initdb is under way",
                lambda: cut.ask("sh", "-c", half_made)[0] == 0,
                within_s=30,
            )
            cut.container.kill()
        with container(
            engine, images.database, volumes={data: VOLUME}, entrypoint=["sleep", "60"]
        ) as look:
            assert look.ask("ls", VOLUME) == (0, "data.unfinished\n")
        with container(
            engine, images.database, files=configuration, volumes={data: VOLUME}
        ) as again:
            again.wait_for("database-health")
            assert query(again, "select 1") == (0, "1\n")
            assert again.ask("ls", VOLUME) == (0, "data\n")


def test_it_is_not_healthy_while_nothing_runs(engine: docker.DockerClient, images: Images) -> None:
    with container(engine, images.database, entrypoint=["sleep", "60"]) as trial:
        assert trial.ask("database-health") == (1, "database-health: PostgreSQL is not running\n")


@pytest.mark.parametrize("missing", ["postgresql.conf", "pg_hba.conf", "admin-password"])
def test_a_missing_file_is_one_message(
    engine: docker.DockerClient,
    images: Images,
    configuration: Mapping[str, str | bytes],
    missing: str,
) -> None:
    files = {path: text for path, text in configuration.items() if not path.endswith(missing)}
    with container(engine, images.database, files=files) as trial:
        assert trial.end() == (
            78,
            f"database: {FOLDER}/{missing} is missing or unreadable for postgres. Mount it.\n",
        )


def test_an_empty_password_is_refused_before_anything_is_made(
    engine: docker.DockerClient, images: Images, configuration: Mapping[str, str | bytes]
) -> None:
    """The server would take it, and let in nobody for ever."""
    files = {**configuration, f"{FOLDER}/admin-password": "\n"}
    with container(engine, images.database, files=files) as trial:
        code, log = trial.end()
    assert code == 78
    assert log.startswith(f"database: {FOLDER}/admin-password is empty; must be one line")
