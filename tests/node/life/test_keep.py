"""Whole keepers as processes, signals and all, on a real PostgreSQL."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from node.errors import CONFIGURATION, FENCED, UNAVAILABLE
from node.life import job_lock
from node.life.sweep import Spared, Swept, sweep
from node.paths import keep_file
from tests.node.life.running_keeper import PROJECT, RunningKeeper
from tests.node.life.shared_database import LIMIT_S, SharedDatabase
from tests.support.longest_seen import LongestSeen
from tests.support.server_process import wait_until

MAX_RESIDENT_KIB = 40 * 1024
"""PID 1 takes half of that."""
NODES = ["app-1", "app-2"]


@pytest.fixture
def start(tmp_path: Path, shared: SharedDatabase) -> Iterator[Callable[[str], RunningKeeper]]:
    """Starts the keeper of a new run of a node."""
    started: list[RunningKeeper] = []

    def made(instance_id: str) -> RunningKeeper:
        started.append(RunningKeeper(tmp_path, shared, instance_id))
        return started[-1]

    yield made
    for keeper in started:
        keeper.remove()


Start = Callable[[str], RunningKeeper]


def until(what: str, true: Callable[[], bool]) -> None:
    wait_until(what, true, within_s=60)


def test_two_nodes_know_each_other(start: Start, shared: SharedDatabase) -> None:
    """The file is private, has every field of its contract, and no secret is in the log."""
    first, second = start("app-1"), start("app-2")
    shared.job("J", "SERVICE_RUNNING", of="app-1")
    first.wait_for(state="alive", liveNodes=NODES, runningJobs=1)
    second.wait_for(state="alive", liveNodes=NODES, runningJobs=0)
    assert first.membership.keys() == {
        "at",
        "state",
        "confirmedUptimeS",
        "instanceId",
        "runningJobs",
        "liveNodes",
        "poolStuckS",
        "sentence",
    }
    assert first.membership["instanceId"] == "app-1"
    for file in (first.membership_file, keep_file(first.folder)):
        assert file.stat().st_mode & 0o777 == 0o600
    assert first.settings.log_in.password not in first.process.log_text()
    assert first.settings.log_in.password not in repr(first.settings)


def test_it_stays_small(start: Start) -> None:
    keeper = start("app-1")
    keeper.wait_for(state="alive")
    status = Path(f"/proc/{keeper.process.pid}/status").read_text()
    [resident] = [line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")]
    assert int(resident) < MAX_RESIDENT_KIB


def test_nothing_heavy_comes_with_it() -> None:
    script = (
        "import sys, node.life.keep\n"
        "print(*[name for name in ('pydantic', 'jinja2', 'lxml', 'contract', 'templates')"
        " if name in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == []


def test_an_order_to_drain_is_obeyed_and_survives_the_keeper(
    start: Start, shared: SharedDatabase
) -> None:
    shared.job("J", "SERVICE_RUNNING", of="app-1")
    keeper = start("app-1")
    keeper.wait_for(state="alive")
    shared.job("SEEDED", None, of="app-1")
    keeper.process.send(signal.SIGUSR1)
    keeper.wait_for(state="draining", runningJobs=2)
    assert shared.job_locks() == [("app-1",)]
    assert shared.state("app-1") == "draining"

    keeper.process.end(signal.SIGKILL)
    keeper.membership_file.unlink()
    keeper.start()
    shared.eye.execute(
        "UPDATE job_sandbox SET status_id = 'SERVICE_FINISHED', finish_date_time = now()"
    )
    keeper.wait_for(state="draining", runningJobs=0)


def test_an_order_to_leave_hands_everything_back(start: Start, shared: SharedDatabase) -> None:
    keeper = start("app-1")
    keeper.wait_for(state="alive")
    keeper.process.send(signal.SIGUSR1)
    keeper.wait_for(state="draining")
    shared.job("J", "SERVICE_RUNNING", of="app-1")
    shared.semaphore("rebuildSolrIndex", of="app-1")

    assert keeper.process.end(signal.SIGTERM) == 0

    assert (shared.state("app-1"), shared.owner("J")) == (None, None)
    assert (shared.job_locks(), shared.semaphores()) == ([], [])


def test_jobs_of_a_killed_node_go_back_by_themselves(start: Start, shared: SharedDatabase) -> None:
    first, second = start("app-1"), start("app-2")
    first.wait_for(liveNodes=NODES)
    second.wait_for(liveNodes=NODES)
    shared.job("J", "SERVICE_RUNNING", of="app-1")

    first.process.end(signal.SIGKILL)

    until("the job is free", lambda: shared.owner("J") is None)
    assert shared.state("app-1") == "dead"
    assert shared.job_locks() == [("app-1",)]
    second.wait_for(liveNodes=["app-2"])
    assert "Node 'app-1' is gone: 0 waiting and 1 running jobs" in second.process.log_text()


def test_a_frozen_node_is_given_up_and_fenced_when_it_wakes_up(
    start: Start, shared: SharedDatabase
) -> None:
    """The server ends the session of a keeper that is silent: its lock must not outlive it."""
    first, second = start("app-1"), start("app-2")
    first.wait_for(state="alive")
    second.wait_for(liveNodes=NODES)
    shared.job("J", "SERVICE_RUNNING", of="app-1")
    first.process.send(signal.SIGSTOP)
    until("the job is free", lambda: shared.owner("J") is None)

    first.process.send(signal.SIGCONT)

    first.wait_for(state="fenced")
    assert shared.job_locks() == [("app-1",)]
    assert first.process.exit_code is None
    # The next run of the node gets its id at once, and may take jobs.
    again = start("app-1")
    again.wait_for(state="alive")
    assert shared.job_locks() == []


WAKES_WITHIN_S = 1.0


@pytest.mark.parametrize("beat_s", [1.0, 60.0])
def test_a_node_that_stood_still_knows_at_once_that_it_is_given_up(
    tmp_path: Path, shared: SharedDatabase, monkeypatch: pytest.MonkeyPatch, beat_s: float
) -> None:
    """Also where its next beat is far away: a machine whose clocks stood still with it."""
    monkeypatch.setattr("tests.node.life.running_keeper.BEAT_EVERY_S", beat_s)
    keeper = RunningKeeper(tmp_path, shared, "app-1")
    try:
        keeper.wait_for(state="alive")
        until("its lock is held", lambda: bool(locks(shared)))
        keeper.process.send(signal.SIGSTOP)
        until("the server ended its session", lambda: not locks(shared))
        until("it is given up", lambda: isinstance(given_up(shared), Swept))
        began = time.monotonic()
        keeper.process.send(signal.SIGCONT)
        keeper.wait_for(state="fenced")
        assert time.monotonic() - began < WAKES_WITHIN_S
        assert keeper.membership["confirmedUptimeS"] is None
    finally:
        keeper.remove()


def locks(shared: SharedDatabase) -> list[tuple[object, ...]]:
    return shared.rows("SELECT 1 FROM pg_locks WHERE locktype = 'advisory'")


def given_up(shared: SharedDatabase) -> Swept | Spared:
    return sweep(shared.eye, "app-1", dead_after_s=LIMIT_S)


def test_a_run_that_another_one_has_followed_is_fenced(
    start: Start, shared: SharedDatabase
) -> None:
    """As after an outage in which the second found the first nowhere."""
    first = start("app-1")
    first.wait_for(state="alive")
    shared.eye.execute("UPDATE scipio_cluster_node SET incarnation = 'another'")
    first.wait_for(state="fenced")
    until(
        "the lock is free",
        lambda: not shared.rows("SELECT 1 FROM pg_locks WHERE locktype = 'advisory'"),
    )
    assert first.process.end(signal.SIGTERM) == FENCED
    assert shared.state("app-1") == "alive"


def test_a_node_without_its_keeper_is_not_robbed_while_its_jvm_works(
    start: Start, shared: SharedDatabase
) -> None:
    """It lasts several limits, and the keeper that comes back goes on with the same run."""
    first, second = start("app-1"), start("app-2")
    first.wait_for(state="alive")
    second.wait_for(liveNodes=NODES)
    first.process.end(signal.SIGKILL)
    with closing(shared.connect("app-1")) as jvm:

        def suspected() -> bool:
            jvm.execute("SELECT 1")
            return "it works in the database" in second.process.log_text()

        until("the second suspects the first", suspected)
        assert shared.state("app-1") == "alive"
        first.start()
        first.wait_for(state="alive", liveNodes=NODES)


def test_after_a_restart_of_the_database_nobody_is_given_up(
    start: Start, shared: SharedDatabase, longest_seen: LongestSeen
) -> None:
    """The outage is longer than the limit, and both know of it."""
    first, second = start("app-1"), start("app-2")
    for keeper in (first, second):
        keeper.wait_for(liveNodes=NODES)
    shared.postgres.stop()
    try:
        first.wait_for(state="cut off")
        second.wait_for(state="cut off")
    finally:
        shared.postgres.start()
    answers = time.monotonic()
    for keeper in (first, second):
        keeper.wait_for(state="alive", liveNodes=NODES)
    longest_seen("the database restarts: its nodes are confirmed", time.monotonic() - answers)
    shared.reconnect()
    assert shared.job_locks() == []


@pytest.mark.parametrize(
    "taken",
    [
        "UPDATE scipio_cluster_node SET incarnation = 'another'",
        "UPDATE scipio_cluster_node SET state = 'dead'",
    ],
)
def test_it_says_when_there_was_nothing_left_to_hand_back(
    start: Start, shared: SharedDatabase, taken: str
) -> None:
    """The others took it before the order came, and before this keeper saw it."""
    keeper = start("app-1")
    keeper.wait_for(state="alive")
    with shared.eye.transaction():
        shared.eye.execute(taken.encode())
        keeper.process.send(signal.SIGTERM)
        time.sleep(0.5)
    assert keeper.process.wait_for_exit(within_s=20) == FENCED
    assert "Left the cluster" not in keeper.process.log_text()


def test_a_database_that_is_away_for_a_moment_does_not_keep_jobs_from_going_back(
    start: Start, shared: SharedDatabase
) -> None:
    keeper = start("app-1")
    keeper.wait_for(state="alive")
    shared.job("J", "SERVICE_RUNNING", of="app-1")
    shared.postgres.stop()
    keeper.process.send(signal.SIGTERM)
    keeper.process.wait_until_usable(
        lambda: "Leaving: what the JVM has left goes back" in keeper.process.log_text(), within_s=20
    )
    shared.postgres.start()
    assert keeper.process.wait_for_exit(within_s=20) == 0
    shared.reconnect()
    assert shared.owner("J") is None


def test_a_database_that_is_gone_holds_up_no_end(start: Start, shared: SharedDatabase) -> None:
    keeper = start("app-1")
    keeper.wait_for(state="alive")
    shared.postgres.stop()
    try:
        assert keeper.process.end(signal.SIGTERM) == UNAVAILABLE
        assert "Could not leave" in keeper.process.log_text()
    finally:
        shared.postgres.start()


def test_without_the_table_of_heartbeats_it_says_so_and_goes_on(
    start: Start, shared: SharedDatabase
) -> None:
    """As after a restore of an older dump: an agent of this release makes it when a node starts."""
    keeper = start("app-1")
    keeper.wait_for(state="alive")
    with shared.postgres.connect(shared.name) as administrator:
        administrator.execute("ALTER TABLE scipio_cluster_node RENAME TO away")
        try:
            keeper.wait_for(state="cut off")
            assert (
                'relation "public.scipio_cluster_node" does not exist'
                in (keeper.membership["sentence"])
            )
        finally:
            administrator.execute("ALTER TABLE away RENAME TO scipio_cluster_node")
    keeper.wait_for(state="alive")


def test_without_settings_it_refuses(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "node", "keep"],
        cwd=PROJECT,
        env={"SCIPIO_RUN_FOLDER": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == CONFIGURATION
    assert f"{tmp_path}/keep.json: no settings" in told.stderr


def test_an_operators_lock_row_is_left_alone(start: Start, shared: SharedDatabase) -> None:
    shared.eye.execute(
        "INSERT INTO job_manager_lock (instance_id, from_date, comments)"
        " VALUES ('app-1', now(), 'month end')"
    )
    keeper = start("app-1")
    keeper.wait_for(state="alive")
    job_lock.put(shared.eye, "app-1")
    assert keeper.process.end(signal.SIGTERM) == 0
    assert shared.rows("SELECT comments FROM job_manager_lock") == [("month end",)]
