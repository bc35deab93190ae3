"""Drain, fence and companion: what the agent decides, with a clock that is the test's."""

from dataclasses import replace

import pytest

from node import errors
from node.balancer_sign import Sign
from node.decide import decide
from node.membership import Membership
from node.observe import Seen
from node.signals import SignalsSeen
from node.situation import Action, Limits, Phase, Situation, Step

NOW = 1000.0
LIMITS = Limits(boot_s=300, stop_s=20, drain_s=50, silence_s=120, subscription_s=60, parting_s=2)
SERVING = Situation(
    phase=Phase.SERVING,
    child_started=True,
    answered_since=1,
    has_companion=True,
    companion_reported=NOW,
    confirmed_at=NOW + 1e6,  # what an unconfirmed place does: test_standing_still.py
    limits=LIMITS,
)
JOINING = Situation(child_started=True, joining=True, has_companion=True, limits=LIMITS)


def said(state: str, running: int = 0) -> Membership:
    return Membership(state=state, running_jobs=running, sentence="Its own words.")


def look(
    situation: Situation,
    membership: Membership | None = None,
    *,
    now: float = NOW,
    stops: int = 0,
    exit_code: int | None = None,
    companion: int | None = None,
) -> Step:
    """One cycle; `companion` is its exit code. The JVM answers."""
    view = Seen(
        now=now,
        serving=True,
        exit_code=exit_code,
        companion_exit_code=companion,
        membership=membership,
        signals=SignalsSeen(stops),
    )
    return decide(situation, view)


@pytest.fixture
def draining() -> Situation:
    """Ordered to stop a moment ago."""
    return look(SERVING, said("alive"), stops=1).situation


# --- drain


def test_a_stop_order_drains_a_node_that_serves() -> None:
    """The companion is ordered to drain, the balancer sends no new visitors, the JVM goes on."""
    step = look(SERVING, said("alive"), stops=1)
    assert (step.situation.phase, step.action) == ("draining", Action.TELL_TO_DRAIN)
    assert (step.sign, step.ready) == (Sign.DRAIN, False)


def test_a_drain_waits_while_a_job_runs(draining: Situation) -> None:
    step = look(draining, said("draining", 2), now=NOW + 40, stops=1)
    assert (step.situation.phase, step.action, step.sign) == ("draining", "nothing", Sign.DRAIN)
    assert "waiting for 2 jobs" in step.sentence


def test_no_jobs_counts_only_once_new_ones_are_locked_out(draining: Situation) -> None:
    """Before that, the next one may begin at any moment: the order is given again."""
    step = look(draining, said("alive", 0), now=NOW + 1, stops=1)
    assert (step.situation.phase, step.action) == ("draining", Action.TELL_TO_DRAIN)
    assert step.situation.parting_until is None


def test_a_companion_that_says_nothing_is_no_word_that_no_job_runs(draining: Situation) -> None:
    """Nor is it signalled: before its first word the signal would end it."""
    step = look(draining, None, now=NOW + 1, stops=1)
    assert (step.situation.parting_until, step.action) == (None, Action.NOTHING)


def test_the_balancer_lets_go_before_the_jvm_ends(draining: Situation) -> None:
    """Two of its looks long: requests under way end, and no other comes."""
    parting = look(draining, said("draining"), now=NOW + 5, stops=1)
    assert (parting.sign, parting.action) == (Sign.DOWN, Action.NOTHING)
    waits = look(parting.situation, said("draining"), now=NOW + 6, stops=1)
    assert waits.action is Action.NOTHING
    ends = look(waits.situation, said("draining"), now=NOW + 7, stops=1)
    assert (ends.situation.phase, ends.action) == ("stopping", Action.ASK_TO_END)
    assert ends.situation.deadline == NOW + 7 + LIMITS.stop_s


@pytest.mark.parametrize("membership", [said("draining", 3), said("cut off"), None])
def test_the_limit_ends_a_drain_whatever_runs(
    draining: Situation, membership: Membership | None
) -> None:
    step = look(draining, membership, now=NOW + 50, stops=1)
    assert step.situation.parting_until == NOW + 52
    assert "are put back, and run elsewhere" in step.sentence


@pytest.mark.parametrize("parting", [None, NOW + 1])
def test_a_second_order_ends_a_drain_at_once(draining: Situation, parting: float | None) -> None:
    step = look(replace(draining, parting_until=parting), said("draining", 3), stops=2)
    assert (step.situation.phase, step.action) == ("stopping", Action.KILL)


def test_a_node_without_companion_parts_at_once() -> None:
    """Nobody counts its jobs."""
    step = look(replace(SERVING, has_companion=False), stops=1)
    assert (step.situation.phase, step.situation.parting_until) == ("draining", NOW + 2)


def test_a_jvm_that_ends_during_the_drain_ends_the_node(draining: Situation) -> None:
    step = look(draining, said("draining", 1), stops=1, exit_code=1)
    assert step.action is Action.ASK_COMPANION_TO_END
    assert step.situation.exit_code == 1


# --- the end: the companion hands back


@pytest.fixture
def leaving() -> Situation:
    """The JVM of a drained node has just ended as it was asked to."""
    stopping = Situation(
        phase=Phase.STOPPING,
        child_started=True,
        has_companion=True,
        obeyed_stop_orders=1,
        deadline=NOW + 9,
        limits=LIMITS,
    )
    step = look(stopping, said("draining"), stops=1, exit_code=143)
    assert (step.situation.phase, step.action) == ("stopping", Action.ASK_COMPANION_TO_END)
    return step.situation


@pytest.mark.parametrize(
    ("companion", "stops", "after_s", "words"),
    [
        (0, 1, 1, "Handed back"),
        (errors.FENCED, 1, 1, "The other nodes have taken over before"),
        (1, 1, 1, "failed with exit code 1"),
        (None, 2, 1, "Ordered to stop again"),
        (None, 1, 12, "took longer than 12 s"),
    ],
)
def test_the_node_is_gone_when_the_companion_is_or_takes_too_long(
    leaving: Situation, companion: int | None, stops: int, after_s: float, words: str
) -> None:
    """The exit code is the JVM's, however the companion ended."""
    step = look(leaving, now=NOW + after_s, stops=stops, exit_code=143, companion=companion)
    assert (step.situation.phase, step.situation.exit_code) == ("gone", 143)
    assert words in step.sentence


def test_the_node_waits_for_what_is_handed_back(leaving: Situation) -> None:
    step = look(leaving, now=NOW + 11, stops=1, exit_code=143)
    assert (step.situation.phase, step.action) == ("stopping", Action.NOTHING)


def test_a_jvm_that_crashes_leaves_its_jobs_to_the_companion() -> None:
    """They need not wait until the others miss the node."""
    step = look(SERVING, said("alive"), exit_code=3)
    assert (step.action, step.situation.exit_code) == (Action.ASK_COMPANION_TO_END, 3)


def test_a_companion_that_is_gone_already_is_not_waited_for() -> None:
    assert look(SERVING, exit_code=3, companion=1).situation.phase is Phase.GONE


# --- fenced


@pytest.mark.parametrize("phase", [Phase.STARTING, Phase.SERVING, Phase.DRAINING, Phase.STOPPING])
def test_a_fenced_node_is_killed_in_every_phase(phase: Phase) -> None:
    """Its jobs run elsewhere already: it is not asked first."""
    step = look(replace(SERVING, phase=phase), said("fenced"))
    assert (step.situation.phase, step.action) == ("stopping", Action.KILL)
    assert "Its own words." in step.sentence
    assert step.sign is Sign.DOWN
    gone = look(step.situation, said("fenced"), exit_code=137)
    assert gone.situation.exit_code == errors.FENCED


# --- join


def test_no_jvm_starts_before_the_others_know_of_the_node() -> None:
    """A job that it takes would look like a dead node's."""
    waits = look(JOINING, None, exit_code=0)
    assert (waits.situation.phase, waits.action) == ("preparing", Action.NOTHING)
    step = look(waits.situation, said("alive"), exit_code=0)
    assert (step.situation.phase, step.action) == ("starting", Action.START_JVM)


@pytest.mark.parametrize(
    ("membership", "companion", "after_s", "code"),
    [
        (None, 78, 1, 78),
        (None, 0, 1, errors.UNAVAILABLE),
        (said("fenced"), None, 1, errors.FENCED),
        (None, None, 120, errors.UNAVAILABLE),
        (said("cut off"), None, 120, errors.UNAVAILABLE),
    ],
)
def test_a_node_that_cannot_join_starts_no_jvm(
    membership: Membership | None, companion: int | None, after_s: float, code: int
) -> None:
    waits = look(JOINING, None, exit_code=0).situation
    step = look(waits, membership, now=NOW + after_s, exit_code=0, companion=companion)
    assert (step.situation.phase, step.situation.exit_code) == ("gone", code)


def test_a_stop_order_while_joining_sends_the_companion_home() -> None:
    step = look(JOINING, None, stops=1, exit_code=0)
    assert (step.action, step.situation.exit_code) == (Action.ASK_COMPANION_TO_END, 143)


# --- the companion while the JVM runs


def test_a_companion_that_ends_is_started_again_and_the_jvm_lives() -> None:
    """After a pause, so that one that cannot start does not fill the log."""
    ended = look(SERVING, companion=1)
    assert (ended.ready, ended.action) == (True, Action.NOTHING)
    assert "exit code 1; it is started again" in ended.sentence
    assert look(ended.situation, companion=1, now=NOW + 4).action is Action.NOTHING
    again = look(ended.situation, companion=1, now=NOW + 5)
    assert (again.ready, again.action) == (True, Action.START_COMPANION)
    assert again.situation.companion_due is None


def test_a_companion_that_says_nothing_for_long_is_killed_once() -> None:
    """The next one gets as long."""
    assert look(SERVING, None, now=NOW + 59).action is Action.NOTHING
    step = look(SERVING, None, now=NOW + 60)
    assert (step.action, step.ready) == (Action.KILL_COMPANION, True)
    assert look(step.situation, None, now=NOW + 61).action is Action.NOTHING


def test_a_companion_that_is_cut_off_is_left_alone() -> None:
    """It says so itself; the database is away, and a new one could do no better."""
    step = look(SERVING, said("cut off"), now=NOW + 600)
    assert step.action is Action.NOTHING


def test_a_new_companion_is_told_of_the_drain_that_the_old_one_began(draining: Situation) -> None:
    ended = look(draining, None, stops=1, companion=9)
    again = look(ended.situation, None, now=NOW + 5, stops=1, companion=9)
    assert again.action is Action.START_COMPANION
    step = look(again.situation, said("alive"), now=NOW + 6, stops=1)
    assert (step.situation.phase, step.action) == ("draining", Action.TELL_TO_DRAIN)
