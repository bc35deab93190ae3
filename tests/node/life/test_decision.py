"""What the keeper decides, without a database."""

from dataclasses import replace

import pytest

from node.life.decision import Action, Situation, State, Step, decide
from node.life.observation import Orders, Seen, View

START = Situation(incarnation="mine", beat_every_s=5, dead_after_s=45, last_contact=0)
VIEW = View(
    incarnation="mine",
    state="alive",
    jobs_locked=False,
    running_jobs=2,
    live_nodes=("app-1", "app-2"),
    silent=(),
)
ALIVE = replace(START, state=State.ALIVE, running_jobs=2)


def step(
    now: Situation = ALIVE, view: View | None = VIEW, *, at: float = 1, **orders: bool
) -> Step:
    return decide(now, Seen(now=at, orders=Orders(**orders), view=view, words="it is silent"))


def test_a_living_node_beats() -> None:
    made = step(START)
    assert made.actions == (Action.BEAT,)
    assert made.situation.state is State.ALIVE
    assert made.situation.live_nodes == ("app-1", "app-2")
    assert made.sentence == "Alive, 2 nodes in all."
    assert made.pause_s == 5


def test_it_beats_before_it_sweeps() -> None:
    """A sweep may take its time."""
    made = step(view=replace(VIEW, silent=("app-3",)))
    assert made.actions == (Action.BEAT, Action.SWEEP)
    assert made.silent == ("app-3",)


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (replace(VIEW, state="dead"), "recorded as 'dead'"),
        (replace(VIEW, state="left"), "recorded as 'left'"),
        (replace(VIEW, incarnation="another", jobs_locked=True), "Another run of a node"),
        (replace(VIEW, incarnation=None, state=None), "heartbeat row is gone"),
    ],
)
@pytest.mark.parametrize("drain", [False, True])
def test_a_run_that_is_given_up_is_fenced_and_writes_nothing(
    view: View, words: str, drain: bool
) -> None:
    """Not even a lock row: the id may belong to another run, which must not be kept from jobs."""
    made = step(view=replace(view, silent=("app-3",)), drain=drain)
    assert made.situation.state is State.FENCED
    assert made.actions == (Action.LET_GO,)
    assert words in made.sentence


def test_nothing_leads_out_of_being_fenced() -> None:
    fenced = replace(ALIVE, state=State.FENCED)
    for view in (VIEW, None):
        assert step(fenced, view, at=1e6).situation.state is State.FENCED
    assert step(fenced, leave=True).actions == ()
    assert step(fenced, leave=True).last


def test_an_order_to_drain_locks_the_jobs_first() -> None:
    """It is no draining node before the lock row is seen: a job may have been claimed meanwhile."""
    made = step(drain=True)
    assert made.actions == (Action.LOCK_JOBS, Action.BEAT)
    assert made.situation.state is State.ALIVE
    assert made.pause_s == 1

    made = step(made.situation, replace(VIEW, jobs_locked=True, running_jobs=3), drain=True)
    assert made.situation.state is State.DRAINING
    assert made.actions == (Action.BEAT,)
    assert made.sentence == "Draining: takes no new jobs, 3 are not ended yet."


def test_a_lock_row_that_somebody_deleted_is_made_again() -> None:
    draining = replace(ALIVE, state=State.DRAINING, drain=True)
    assert step(draining).actions == (Action.LOCK_JOBS, Action.BEAT)


def test_a_keeper_that_was_started_anew_goes_on_draining() -> None:
    made = step(START, replace(VIEW, state="draining", jobs_locked=True))
    assert made.situation.state is State.DRAINING


def test_an_operators_drain_is_not_ours() -> None:
    """A lock row alone makes no draining node."""
    assert step(view=replace(VIEW, jobs_locked=True)).situation.state is State.ALIVE


def test_a_silent_database_cuts_off_after_the_limit_only() -> None:
    """What was known stays: PID 1 must not take unknown jobs for ended ones."""
    soon = step(view=None, at=45)
    assert soon.situation == ALIVE
    assert soon.sentence == "The database does not answer: it is silent"
    late = step(view=None, at=46)
    assert late.situation.state is State.CUT_OFF
    assert late.situation.running_jobs == 2
    assert late.actions == ()
    assert late.sentence == "The database does not answer for long: it is silent"


def test_a_node_that_was_cut_off_is_alive_again_when_nobody_has_given_it_up() -> None:
    cut_off = replace(ALIVE, state=State.CUT_OFF)
    assert step(cut_off, at=500).situation.state is State.ALIVE
    assert step(cut_off, replace(VIEW, state="dead"), at=500).situation.state is State.FENCED


def test_nothing_is_claimed_of_a_database_that_has_not_answered_yet() -> None:
    assert step(START, None).situation.state is None


@pytest.mark.parametrize("now", [START, ALIVE, replace(ALIVE, state=State.CUT_OFF)])
def test_an_order_to_leave_is_the_last(now: Situation) -> None:
    """The database is asked by the leaving itself."""
    made = step(now, None, leave=True, drain=True)
    assert made.actions == (Action.LEAVE,)
    assert made.last
