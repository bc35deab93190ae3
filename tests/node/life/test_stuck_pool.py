"""A pool that stands idle in transaction as a whole, seen through the sessions of its node."""

import time
from pathlib import Path

import pytest

from node.life.stuck_pool import stuck_pool_s
from node.membership import read_membership
from tests.node.life.running_keeper import POOL_MAX, RunningKeeper
from tests.node.life.shared_database import SharedDatabase
from tests.support.server_process import wait_until


@pytest.fixture
def stuck(shared: SharedDatabase) -> float:
    """As many sessions of node app-1 as its pool has, each idle in a transaction for a while."""
    for _ in range(POOL_MAX):
        shared.connect("app-1").execute("BEGIN")
    began = time.monotonic()
    time.sleep(0.5)
    return began


def test_the_whole_pool_idle_in_transaction_is_stuck(stuck: float, shared: SharedDatabase) -> None:
    """Since the last of its sessions did something."""
    stuck_s = stuck_pool_s(shared.eye, "app-1", POOL_MAX)
    assert 0.5 <= stuck_s <= time.monotonic() - stuck + 0.1


def test_one_session_that_works_or_is_free_says_that_it_is_not(
    stuck: float, shared: SharedDatabase
) -> None:
    """Neither is a pool that is not full, nor another node's."""
    assert stuck_pool_s(shared.eye, "app-1", POOL_MAX + 1) == 0
    assert stuck_pool_s(shared.eye, "app-2", POOL_MAX) == 0
    shared.connect("app-1")
    assert stuck_pool_s(shared.eye, "app-1", POOL_MAX) == 0


def test_a_statement_begins_the_time_anew(shared: SharedDatabase) -> None:
    sessions = [shared.connect("app-1") for _ in range(POOL_MAX)]
    for session in sessions:
        session.execute("BEGIN")
    time.sleep(0.5)
    sessions[0].execute("SELECT 1")
    assert stuck_pool_s(shared.eye, "app-1", POOL_MAX) < 0.4


def test_the_keeper_says_it_to_the_nodes_own_process(
    tmp_path: Path, shared: SharedDatabase
) -> None:
    """And takes it back when the pool gets on."""
    keeper = RunningKeeper(tmp_path, shared, "app-1")
    try:
        keeper.wait_for(poolStuckS=0)
        sessions = [shared.connect("app-1") for _ in range(POOL_MAX)]
        for session in sessions:
            session.execute("BEGIN")
        wait_until("stuck for a second", lambda: keeper.membership["poolStuckS"] >= 1, within_s=20)
        said = read_membership(keeper.membership_file)
        assert said is not None
        assert said.pool_stuck_s >= 1
        sessions[0].execute("COMMIT")
        keeper.wait_for(poolStuckS=0)
    finally:
        keeper.remove()
