"""Each kind of row that a node leaves behind, on PostgreSQL with the ERP's own columns."""

from datetime import UTC, datetime, timedelta

import pytest

from node.life.hand_back import FINISHED_AT_ONCE, adopt_finished, hand_back, release_waiting
from tests.node.life.shared_database import SharedDatabase

NOW = datetime.now(UTC)
PENDING, QUEUED, RUNNING = "SERVICE_PENDING", "SERVICE_QUEUED", "SERVICE_RUNNING"


def age_s(moment: object) -> float:
    assert isinstance(moment, datetime)
    return (datetime.now(UTC) - moment).total_seconds()


@pytest.mark.parametrize("status", [PENDING, QUEUED])
def test_a_job_that_had_not_begun_is_free_and_due_as_before(
    shared: SharedDatabase, status: str
) -> None:
    """Its schedule stays with it: the row of its next time is not there yet."""
    due = NOW - timedelta(hours=2)
    shared.job("J", status, of="gone", run_time=due, temp_expr_id="DAILY", recurrence_info_id="R")

    assert hand_back(shared.eye, "gone").waiting == 1

    row = shared.job_row("J")
    assert (row["status_id"], row["run_by_instance_id"]) == (PENDING, None)
    assert row["start_date_time"] is None
    assert row["run_time"] == due
    assert (row["temp_expr_id"], row["recurrence_info_id"]) == ("DAILY", "R")


def test_a_seeded_job_that_was_claimed_and_never_queued_is_free_and_still_without_a_status(
    shared: SharedDatabase,
) -> None:
    """The next load of data tells seeded rows by it, and the ERP's poller asks for none."""
    due = NOW - timedelta(hours=2)
    shared.job("J", None, of="gone", run_time=due, temp_expr_id="DAILY")
    shared.job("CANCELLED", None, of="gone", cancel_date_time=NOW)
    shared.job("LIVES", None, of="lives")

    assert hand_back(shared.eye, "gone").waiting == 1

    row = shared.job_row("J")
    assert (row["status_id"], row["run_by_instance_id"]) == (None, None)
    assert (row["run_time"], row["temp_expr_id"]) == (due, "DAILY")
    assert (shared.owner("CANCELLED"), shared.owner("LIVES")) == ("gone", "lives")


def test_a_waiting_start_up_job_waits_for_the_next_start(shared: SharedDatabase) -> None:
    shared.job("J", QUEUED, of="gone", event_id="SCH_EVENT_STARTUP", temp_expr_id="DAILY")
    hand_back(shared.eye, "gone")
    row = shared.job_row("J")
    assert (row["status_id"], row["run_by_instance_id"]) == (PENDING, None)
    assert (row["event_id"], row["temp_expr_id"]) == ("SCH_EVENT_STARTUP", "DAILY")


def test_a_running_job_runs_again_now(shared: SharedDatabase) -> None:
    shared.job("J", RUNNING, of="gone", max_retry=3, current_retry_count=1)

    assert hand_back(shared.eye, "gone").running == 1

    row = shared.job_row("J")
    assert (row["status_id"], row["run_by_instance_id"]) == (PENDING, None)
    assert row["start_date_time"] is None
    assert age_s(row["run_time"]) < 600
    assert (row["max_retry"], row["current_retry_count"]) == (3, 1)


def test_a_running_recurring_job_runs_once_more_without_its_schedule(
    shared: SharedDatabase,
) -> None:
    """The row of its next time was inserted when it began: with a schedule it would run twice."""
    shared.job("J", RUNNING, of="gone", temp_expr_id="DAILY", recurrence_info_id="R")
    tomorrow = NOW + timedelta(days=1)
    shared.job(
        "NEXT", PENDING, of=None, previous_job_id="J", temp_expr_id="DAILY", run_time=tomorrow
    )

    hand_back(shared.eye, "gone")

    row = shared.job_row("J")
    assert (row["temp_expr_id"], row["recurrence_info_id"]) == (None, None)
    following = shared.job_row("NEXT")
    assert (following["temp_expr_id"], following["run_time"]) == ("DAILY", tomorrow)


def test_a_job_that_died_before_its_next_time_was_written_keeps_its_schedule(
    shared: SharedDatabase,
) -> None:
    """RUNNING and the next row are two transactions; between them the schedule is here alone."""
    shared.job("J", RUNNING, of="gone", temp_expr_id="DAILY")
    hand_back(shared.eye, "gone")
    assert shared.job_row("J")["temp_expr_id"] == "DAILY"


def test_a_job_that_ran_for_days_starts_no_second_schedule(shared: SharedDatabase) -> None:
    """Its next row may have run and been purged since."""
    begun = NOW - timedelta(days=3)
    shared.job("J", RUNNING, of="gone", temp_expr_id="DAILY", start_date_time=begun)
    hand_back(shared.eye, "gone")
    assert shared.job_row("J")["temp_expr_id"] is None


def test_a_running_start_up_job_is_not_run_at_another_time(shared: SharedDatabase) -> None:
    shared.job("J", RUNNING, of="gone", event_id="SCH_EVENT_STARTUP")

    assert hand_back(shared.eye, "gone").startup == 1

    row = shared.job_row("J")
    assert row["status_id"] == "SERVICE_CRASHED"
    assert age_s(row["cancel_date_time"]) < 600


def test_its_semaphores_are_released(shared: SharedDatabase) -> None:
    shared.semaphore("rebuildSolrIndex", of="gone")
    shared.semaphore("purgeOldJobs", of="lives")
    assert hand_back(shared.eye, "gone").semaphores == 1
    assert shared.semaphores() == [("purgeOldJobs",)]


def test_ended_jobs_get_an_heir_who_purges_them(shared: SharedDatabase) -> None:
    """Also those that hand_back has just marked as crashed."""
    shared.job("DONE", "SERVICE_FINISHED", of="gone", finish_date_time=NOW)
    shared.job("FAILED", "SERVICE_FAILED", of="gone", finish_date_time=NOW)
    shared.job("CANCELLED", "SERVICE_CANCELLED", of="gone", cancel_date_time=NOW)
    shared.job("STARTUP", RUNNING, of="gone", event_id="SCH_EVENT_STARTUP")

    hand_back(shared.eye, "gone")

    assert adopt_finished(shared.eye, "gone", heir="lives") == 4
    assert shared.rows("SELECT DISTINCT run_by_instance_id FROM job_sandbox") == [("lives",)]


def test_many_ended_jobs_are_taken_over_in_portions(shared: SharedDatabase) -> None:
    shared.eye.execute(
        "INSERT INTO job_sandbox (job_id, status_id, run_by_instance_id, finish_date_time)"
        " SELECT n::text, 'SERVICE_FINISHED', 'gone', now() FROM generate_series(1, %s) AS n",
        (FINISHED_AT_ONCE + 1,),
    )
    assert adopt_finished(shared.eye, "gone", heir="lives") == FINISHED_AT_ONCE
    assert adopt_finished(shared.eye, "gone", heir="lives") == 1
    assert adopt_finished(shared.eye, "gone", heir="lives") == 0


def test_nothing_of_a_living_node_is_touched(shared: SharedDatabase) -> None:
    """Nor what nobody has claimed."""
    for status in (PENDING, QUEUED, RUNNING):
        shared.job(f"LIVES {status}", status, of="lives", temp_expr_id="DAILY")
    shared.job("STARTUP", RUNNING, of="lives", event_id="SCH_EVENT_STARTUP")
    shared.job("DONE", "SERVICE_FINISHED", of="lives", finish_date_time=NOW)
    shared.job("FREE", PENDING, of=None)
    before = shared.rows("SELECT * FROM job_sandbox ORDER BY job_id")

    hand_back(shared.eye, "gone")
    adopt_finished(shared.eye, "gone", heir="another")

    assert shared.rows("SELECT * FROM job_sandbox ORDER BY job_id") == before


def test_releasing_what_waits_leaves_what_runs(shared: SharedDatabase) -> None:
    shared.job("WAITS", QUEUED, of="gone")
    shared.job("RUNS", RUNNING, of="gone")
    assert release_waiting(shared.eye, "gone") == 1
    assert (shared.owner("WAITS"), shared.owner("RUNS")) == (None, "gone")
