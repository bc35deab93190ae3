"""Rows as imports and hands leave them, among those that a load seeds."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from node.database.connection import Connection
from node.database.seeded_jobs import SettledJobs, settle_seeded_jobs
from tests.node.database_site import Site

NOW = datetime(2026, 11, 24, 17, 20, 35, tzinfo=UTC)
HEALTHY = "HEALTHY"


@pytest.fixture
def erp(prepared_site: Site) -> Iterator[Connection]:
    """The tables of a prepared database with one due job that recurs daily, and no other row."""
    with closing(prepared_site.log_in()) as connection:
        connection.autocommit = True
        connection.execute("DELETE FROM job_sandbox")
        seed(connection, HEALTHY, temp_expr_id="MIDNIGHT_DAILY")
        yield connection


def seed(connection: Connection, job_id: str, **columns: str) -> None:
    """As a load leaves it: due since years and without a status, unless `columns` say otherwise."""
    values = {"job_id": job_id, "run_time": "2000-01-01 05:00Z", "service_name": "work", **columns}
    names, marks = ", ".join(values), ", ".join(["%s"] * len(values))
    connection.execute(
        f"INSERT INTO job_sandbox ({names}) VALUES ({marks})".encode(),  # noqa: S608 - a test's own names
        list(values.values()),
    )


def settle(connection: Connection, now: datetime = NOW, zone: str = "UTC") -> SettledJobs:
    return settle_seeded_jobs(connection, ZoneInfo(zone), now=now)


def run_time(connection: Connection, job_id: str) -> datetime:
    row = connection.execute(
        "SELECT run_time FROM job_sandbox WHERE job_id = %s", [job_id]
    ).fetchone()
    assert row is not None, job_id
    assert isinstance(row[0], datetime)
    return row[0].astimezone(UTC)


@pytest.mark.parametrize(
    "row",
    [
        "('ODD', NULL, 0, NULL, NULL, NULL, '400')",
        "('ODD', 'infinity', 0, NULL, NULL, NULL, '400')",
        "('ODD', '0044-03-15 BC', 0, NULL, NULL, NULL, '400')",
        "('ODD', '2008-05-14Z', 'NaN', NULL, NULL, NULL, '400')",
        "('ODD', '2008-05-14Z', 0, NULL, NULL, NULL, 'NOT_THERE')",
        "('ODD', '2008-05-14Z', 0, NULL, NULL, NULL, 'NO_FREQUENCY')",
        "('ODD', '2008-05-14Z', 0, NULL, NULL, NULL, 'HUGE')",
    ],
)
@pytest.mark.parametrize("named", [True, False])
def test_an_odd_recurrence_harms_no_job_but_its_own(erp: Connection, row: str, named: bool) -> None:
    """Named by a job it is said, and the job moved by days; named by none it is not read."""
    erp.execute(
        "INSERT INTO recurrence_rule (recurrence_rule_id, frequency, count_number, interval_number)"
        " VALUES ('NO_FREQUENCY', NULL, -1, 1), ('HUGE', 'YEARLY', -1, 99999999999999999)"
    )
    erp.execute(f"INSERT INTO recurrence_info VALUES {row}".encode())  # noqa: S608 - a test's own text
    if named:
        seed(erp, "JOB", recurrence_info_id="ODD")
    settled = settle(erp)
    assert run_time(erp, HEALTHY) == datetime(2026, 11, 25, tzinfo=UTC)
    assert [sentence.split(":")[0] for sentence in settled.unknown] == (["JOB"] if named else [])
    if named:
        assert run_time(erp, "JOB") == datetime(2026, 11, 25, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "row",
    [
        "('ODD', NULL, NULL, NULL, NULL, NULL)",
        "('ODD', 'FREQUENCY', '-infinity', NULL, 5, 999999999999999999)",
        "('ODD', 'FREQUENCY', NULL, NULL, 'NaN', 1)",
    ],
)
def test_an_odd_expression_harms_no_job_but_its_own(erp: Connection, row: str) -> None:
    erp.execute(f"INSERT INTO temporal_expression VALUES {row}".encode())  # noqa: S608 - a test's own text
    seed(erp, "JOB", temp_expr_id="ODD")
    seed(erp, "ANCIENT", temp_expr_id="MIDNIGHT_DAILY", run_time="-infinity")
    settled = settle(erp)
    assert [sentence.split(":")[0] for sentence in settled.unknown] == ["JOB"]
    midnight = datetime(2026, 11, 25, tzinfo=UTC)
    assert run_time(erp, HEALTHY) == run_time(erp, "ANCIENT") == midnight


@pytest.mark.parametrize(
    ("other_data", "removed"),
    [("the same", True), ("another store", False), (None, False)],
)
def test_a_seeded_job_is_a_second_chain_only_with_the_same_data(
    erp: Connection, other_data: str | None, removed: bool
) -> None:
    """Compared by content: the load may have made a row of its own for the same data."""
    names = {"job_name": "Export orders", "temp_expr_id": "MIDNIGHT_DAILY"}
    erp.execute("INSERT INTO runtime_data VALUES ('A', 'the same'), ('B', %s)", [other_data])
    seed(
        erp, "A2", **names, status_id="SERVICE_PENDING", runtime_data_id="A", run_time="2030-01-01"
    )
    seed(erp, "EXPORT_B", **names, runtime_data_id="B")
    settled = settle(erp)
    found = erp.execute("SELECT job_id FROM job_sandbox WHERE job_id = 'EXPORT_B'").fetchall()
    assert found == ([] if removed else [("EXPORT_B",)])
    assert settled.removed == (("EXPORT_B: 'Export orders' of work",) if removed else ())


@pytest.mark.parametrize(("other", "removed"), [("A", True), ("B", False), (None, False)])
def test_data_that_have_no_row_are_told_apart_by_their_ids(
    erp: Connection, other: str | None, removed: bool
) -> None:
    names = {"job_name": "Export orders", "temp_expr_id": "MIDNIGHT_DAILY"}
    data = {} if other is None else {"runtime_data_id": other}
    seed(
        erp, "A2", **names, status_id="SERVICE_PENDING", runtime_data_id="A", run_time="2030-01-01"
    )
    seed(erp, "EXPORT", **names, **data)
    assert bool(settle(erp).removed) is removed


def test_the_log_names_each_removed_job(database_site: Site) -> None:
    assert database_site.prepare("app-1")[0] == 0
    with closing(database_site.log_in()) as connection:
        connection.execute(
            "UPDATE job_sandbox SET job_id = '1' || job_id, parent_job_id = job_id,"
            " status_id = 'SERVICE_PENDING', run_time = '2030-01-01' WHERE job_id = 'NIGHTLY'"
        )
        connection.commit()
    database_site.data_version = 2
    code, said = database_site.prepare("app-2")
    assert code == 0, said
    assert "recurs already under another id: NIGHTLY: 'Nightly' of clearCaches" in said


@pytest.mark.parametrize("minute", [0, 10, 29, 30, 31, 59])
@pytest.mark.parametrize("hour", [0, 1], ids=["summer time", "winter time"])
def test_no_job_is_due_at_once_in_the_hour_that_autumn_has_twice(
    erp: Connection, hour: int, minute: int
) -> None:
    """02:30 is two moments on 25 October: of those the first one that is still to come."""
    erp.execute("INSERT INTO temporal_expression VALUES ('HOURLY', 'FREQUENCY', NULL, NULL, 10, 1)")
    seed(erp, "JOB", temp_expr_id="HOURLY", run_time="2000-01-01 05:30Z")
    now = datetime(2026, 10, 25, hour, minute, tzinfo=UTC)
    settle(erp, now, "Europe/Berlin")
    assert now < run_time(erp, "JOB") <= now + timedelta(hours=2)
