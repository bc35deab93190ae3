"""`node check` says when due jobs wait and no node of the cluster begins one."""

from typing import cast

import pytest

from node.inside.jobs import polled
from node.inside.site import Site
from tests.node.life.shared_database import SharedDatabase

NO_SITE = cast("Site", None)
"""The line is of the whole cluster, so it looks at the database alone."""


@pytest.fixture
def shared_for_an_hour(shared: SharedDatabase) -> SharedDatabase:
    """A cluster of one app node that has lived for an hour."""
    shared.node("app-1")
    shared.eye.execute(
        "UPDATE scipio_cluster_node SET started_at = clock_timestamp() - interval '1 hour'"
    )
    return shared


def line(shared: SharedDatabase) -> tuple[str, str]:
    found = polled(NO_SITE, shared.eye)
    return found.verdict, found.evidence


def test_due_jobs_of_a_pool_that_begins_none_fail(shared_for_an_hour: SharedDatabase) -> None:
    shared_for_an_hour.job("J", "SERVICE_PENDING", of=None, pool_id="workers")
    verdict, evidence = line(shared_for_an_hour)
    assert verdict == "fail"
    assert "1 of the pool 'workers', since" in evidence


def test_jobs_that_all_are_held_say_by_whom(shared_for_an_hour: SharedDatabase) -> None:
    shared_for_an_hour.job("J", "SERVICE_PENDING", of=None)
    shared_for_an_hour.eye.execute(
        "INSERT INTO job_manager_lock (instance_id, from_date, comments)"
        " VALUES ('_NA_', now() - interval '1 day', 'month end')"
    )
    verdict, evidence = line(shared_for_an_hour)
    assert verdict == "fail"
    assert "1 of no pool" in evidence
    assert "job_manager_lock (month end)" in evidence


@pytest.mark.parametrize("status", ["SERVICE_RUNNING", "SERVICE_QUEUED"])
def test_a_pool_at_work_passes_however_long_its_queue(
    shared_for_an_hour: SharedDatabase, status: str
) -> None:
    shared_for_an_hour.job("J", "SERVICE_PENDING", of=None, pool_id="pool")
    shared_for_an_hour.job("K", status, of="app-1", pool_id="pool")
    assert line(shared_for_an_hour)[0] == "pass"


def test_jobs_that_are_due_since_a_minute_pass(shared_for_an_hour: SharedDatabase) -> None:
    shared_for_an_hour.job("J", "SERVICE_PENDING", of=None)
    shared_for_an_hour.eye.execute(
        "UPDATE job_sandbox SET run_time = clock_timestamp() - interval '1 minute'"
    )
    assert line(shared_for_an_hour)[0] == "pass"


def test_a_node_that_has_just_started_is_given_its_time(shared: SharedDatabase) -> None:
    shared.node("app-1")
    shared.job("J", "SERVICE_PENDING", of=None)
    assert line(shared) == ("pass", "no app node has lived for 15 minutes yet")
