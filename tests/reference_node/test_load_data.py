"""`load-data`: tables and seed rows, as the agent makes them."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.support.postgres import PostgresServer
from tests.support.reference_nodes import SEED, MakeNode, seed
from tests.support.servers import TestDatabase

STOCK_HASH = "{SHA}4afca3ceb9bb4b053efaf77766b5323163bd2266"
ADMIN_PASSWORD = "select current_password from user_login where user_login_id = 'admin'"


@pytest.fixture
def sql(postgres: PostgresServer, database: TestDatabase) -> Iterator[psycopg.Connection]:
    with postgres.connect(database.name) as connection:
        yield connection


def test_the_tables_have_the_columns_that_operators_sql_uses(
    make_node: MakeNode, sql: psycopg.Connection
) -> None:
    """Names and types as the ERP makes them on PostgreSQL."""
    seed(make_node())
    columns: dict[str, str] = dict(
        sql.execute(
            "select table_name || '.' || column_name, data_type from information_schema.columns"
            " where table_schema = 'public'"
        ).fetchall()
    )
    timestamp, text, number = "timestamp with time zone", "character varying", "numeric"
    assert columns["job_sandbox.run_by_instance_id"] == text
    assert columns["job_sandbox.finish_date_time"] == timestamp
    assert columns["job_sandbox.recurrence_info_id"] == text
    assert columns["job_sandbox.event_id"] == text
    assert columns["service_semaphore.locked_by_instance_id"] == text
    assert columns["job_manager_lock.from_date"] == timestamp
    assert columns["sequence_value_item.seq_id"] == number
    assert columns["user_login.require_password_change"] == "character"
    assert columns["reference_row.row_value"] == "text"
    assert columns["reference_row.last_updated_stamp"] == timestamp


def test_seeding_again_changes_no_rows_but_resets_the_administrator(
    make_node: MakeNode, sql: psycopg.Connection, tmp_path: Path
) -> None:
    """As stock does, which is why the agent sets the password after every seed."""
    node = make_node()
    seed(node)
    before = sql.execute("select job_id, run_time from job_sandbox order by 1").fetchall()
    assert [job for job, _ in before] == ["REFERENCE_HOURLY", "REFERENCE_NIGHTLY"]
    assert sql.execute(ADMIN_PASSWORD).fetchall() == [(STOCK_HASH,)]

    admin = tmp_path / "admin.xml"
    admin.write_text(
        '<entity-engine-xml><UserLogin userLoginId="admin" currentPassword="{PBKDF2-SHA512}x$y$z"'
        ' requirePasswordChange="N" enabled="Y"/></entity-engine-xml>'
    )
    loaded = node.load_data(f"file={admin}", "delegator=seed", creates_tables=False)
    assert loaded.returncode == 0
    assert sql.execute(ADMIN_PASSWORD).fetchall() == [("{PBKDF2-SHA512}x$y$z",)]
    assert "PBKDF2" not in loaded.stdout + loaded.stderr

    seed(node)
    assert sql.execute("select job_id, run_time from job_sandbox order by 1").fetchall() == before
    assert sql.execute(ADMIN_PASSWORD).fetchall() == [(STOCK_HASH,)]


def test_without_leave_to_create_tables_it_logs_errors_and_still_exits_with_0(
    make_node: MakeNode, sql: psycopg.Connection
) -> None:
    """As stock does: who judges by the exit code is deceived."""
    loaded = make_node().load_data(*SEED, creates_tables=False)
    assert loaded.returncode == 0
    assert "|E|" in loaded.stdout
    assert sql.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone() == (
        0,
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "cannot be read"),
        ("<entity-engine-xml><UserLogin ", "nothing loaded"),
        ("<other/>", "must be <entity-engine-xml>"),
        ('<entity-engine-xml><Product productId="1"/></entity-engine-xml>', "no entity Product"),
    ],
)
def test_a_bad_data_file_is_an_error_line(
    make_node: MakeNode, tmp_path: Path, text: str | None, said: str
) -> None:
    """The line names the file."""
    file = tmp_path / "data.xml"
    if text is not None:
        file.write_text(text)
    loaded = make_node().load_data(f"file={file}", "delegator=seed", creates_tables=False)
    assert loaded.returncode == 0
    errors = [line for line in loaded.stdout.splitlines() if "|E|" in line]
    assert len(errors) == 1
    assert said in errors[0]
    assert str(file) in errors[0]


def test_an_unknown_delegator_ends_with_99(make_node: MakeNode) -> None:
    """A container that cannot start is the one thing with an exit code."""
    loaded = make_node().load_data("readers=seed", "delegator=sed")
    assert loaded.returncode == 99
    assert "default, seed" in loaded.stderr


def test_an_unknown_argument_ends_with_1_and_the_usage(make_node: MakeNode) -> None:
    """Nothing is loaded on a misspelt argument."""
    loaded = make_node().load_data("reader=seed")
    assert loaded.returncode == 1
    assert 'load-data: got "reader=seed"' in loaded.stderr
    assert "usage:" in loaded.stderr
