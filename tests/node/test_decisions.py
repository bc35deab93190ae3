"""The table of cases: what the agent does next, for where it is and what it sees."""

from dataclasses import replace

import pytest

from node.decide import decide
from node.errors import NOT_SERVING
from node.observe import Seen
from node.signals import SignalsSeen
from node.situation import Action, Limits, Phase, Situation

NOW = 1000.0

LIMITS = Limits(boot_s=60, stop_s=20, drain_s=50, silence_s=120, subscription_s=60, parting_s=2)
FRESH = Situation()
PREPARING = Situation(child_started=True)
JOINING = Situation(child_started=True, joining=True, limits=LIMITS)
STARTING = Situation(phase=Phase.STARTING, child_started=True, deadline=NOW + 5, limits=LIMITS)
OVERDUE = Situation(phase=Phase.STARTING, child_started=True, deadline=NOW, limits=LIMITS)
COLD = replace(STARTING, warm_up_due=True)
WARMING = replace(STARTING, answered_since=1, warming_up=True)
SERVING = Situation(phase=Phase.SERVING, child_started=True, answered_since=1, limits=LIMITS)
STOPPING = Situation(
    phase=Phase.STOPPING, child_started=True, deadline=NOW + 5, obeyed_stop_orders=1
)
STOPPING_TOO_LONG = Situation(
    phase=Phase.STOPPING, child_started=True, deadline=NOW, obeyed_stop_orders=1
)
KILLED = Situation(
    phase=Phase.STOPPING, child_started=True, deadline=NOW, obeyed_stop_orders=2, killed=True
)
ENDED_FOR_SILENCE = Situation(
    phase=Phase.STOPPING, child_started=True, deadline=NOW + 5, exit_code=NOT_SERVING
)


def seen(
    *,
    exit_code: int | None = None,
    serving: bool = False,
    warmed_up: str | None = None,
    stops: int = 0,
    dumps: int = 0,
) -> Seen:
    return Seen(
        now=NOW,
        exit_code=exit_code,
        serving=serving,
        warmed_up=warmed_up,
        signals=SignalsSeen(stops, dumps),
    )


@pytest.mark.parametrize(
    ("situation", "view", "phase", "action", "ready"),
    [
        # first cycle
        (FRESH, seen(), "preparing", Action.START_PREPARATION, False),
        # still preparing
        (PREPARING, seen(), "preparing", Action.NOTHING, False),
        # prepared
        (PREPARING, seen(exit_code=0), "preparing", Action.JOIN, False),
        # no JVM to dump
        (PREPARING, seen(dumps=1), "preparing", Action.NOTHING, False),
        # stop
        (PREPARING, seen(stops=1), "stopping", Action.ASK_TO_END, False),
        # joined: the preparation's exit code is an old story
        (JOINING, seen(exit_code=0), "starting", Action.START_JVM, False),
        # stop before the JVM
        (JOINING, seen(exit_code=0, stops=1), "gone", Action.NOTHING, False),
        # not serving yet
        (STARTING, seen(), "starting", Action.NOTHING, False),
        # serves
        (STARTING, seen(serving=True), "serving", Action.NOTHING, True),
        # does not answer yet: nothing to ask a page of
        (COLD, seen(), "starting", Action.NOTHING, False),
        # answers for the first time: its first page
        (COLD, seen(serving=True), "starting", Action.BEGIN_WARM_UP, False),
        # the page is not there yet
        (WARMING, seen(serving=True), "starting", Action.NOTHING, False),
        # silent meanwhile
        (WARMING, seen(), "starting", Action.NOTHING, False),
        # over: said first, serves in the next cycle
        (WARMING, seen(serving=True, warmed_up="took 9 s"), "starting", Action.NOTHING, False),
        # stop meanwhile
        (WARMING, seen(serving=True, stops=1), "stopping", Action.ASK_TO_END, False),
        # stop at boot
        (STARTING, seen(stops=1), "stopping", Action.ASK_TO_END, False),
        # dump at boot
        (STARTING, seen(dumps=1), "starting", Action.DUMP_THREADS, False),
        # never served
        (OVERDUE, seen(), "stopping", Action.DUMP_THREADS, False),
        # just in time
        (OVERDUE, seen(serving=True), "serving", Action.NOTHING, True),
        # serving
        (SERVING, seen(serving=True), "serving", Action.NOTHING, True),
        # silent: not ready
        (SERVING, seen(), "serving", Action.NOTHING, False),
        # dump
        (SERVING, seen(serving=True, dumps=1), "serving", Action.DUMP_THREADS, True),
        # stop serving
        (SERVING, seen(serving=True, stops=1), "draining", Action.NOTHING, False),
        # waits
        (STOPPING, seen(serving=True, stops=1), "stopping", Action.NOTHING, False),
        # second order
        (STOPPING, seen(stops=2), "stopping", Action.KILL, False),
        # too long
        (STOPPING_TOO_LONG, seen(stops=1), "stopping", Action.KILL, False),
        # killed once only
        (KILLED, seen(stops=2), "stopping", Action.NOTHING, False),
        # third order: a killed child may hang in the kernel
        (KILLED, seen(stops=3), "gone", Action.NOTHING, False),
    ],
)
def test_the_next_step(
    situation: Situation, view: Seen, phase: str, action: Action, ready: bool
) -> None:
    """Each row is one cell of the table."""
    step = decide(situation, view)
    assert (step.situation.phase, step.action, step.ready) == (phase, action, ready)
    assert step.sentence


@pytest.mark.parametrize(
    ("situation", "view", "exit_code"),
    [
        pytest.param(FRESH, seen(stops=1), 143, id="stop before anything"),
        pytest.param(PREPARING, seen(exit_code=78), 78, id="preparation failed"),
        pytest.param(PREPARING, seen(exit_code=137, stops=1), 137, id="preparation was killed"),
        pytest.param(JOINING, seen(exit_code=0, stops=1), 143, id="stop before the JVM"),
        pytest.param(STARTING, seen(exit_code=99), 99, id="JVM ended at boot"),
        pytest.param(STARTING, seen(exit_code=0), 0, id="JVM ended well at boot"),
        pytest.param(SERVING, seen(exit_code=3), 3, id="out of memory"),
        pytest.param(STOPPING, seen(exit_code=143), 143, id="JVM obeyed"),
        pytest.param(KILLED, seen(exit_code=137), 137, id="JVM was killed"),
        pytest.param(KILLED, seen(stops=3), 137, id="killed JVM hangs in the kernel"),
        pytest.param(ENDED_FOR_SILENCE, seen(exit_code=143), NOT_SERVING, id="never served"),
    ],
)
def test_the_exit_code(situation: Situation, view: Seen, exit_code: int) -> None:
    """The child's own code, unless the agent had a reason of its own to end it."""
    step = decide(situation, view)
    assert (step.situation.phase, step.situation.exit_code) == (Phase.GONE, exit_code)
    assert not step.ready


def test_a_stop_order_wins_over_a_preparation_that_ends_well() -> None:
    """No JVM is started for a node that was told to stop, however the preparation ends."""
    stopping = decide(PREPARING, seen(stops=1)).situation
    gone = decide(stopping, seen(exit_code=0, stops=1))
    assert gone.situation.phase is Phase.GONE
    assert gone.situation.exit_code == 143


def test_the_boot_limit_begins_when_the_jvm_does() -> None:
    """The first look at a started JVM sets the limit; the preparation is not counted."""
    started = decide(JOINING, seen(exit_code=0)).situation
    assert started.deadline is None
    assert decide(started, seen()).situation.deadline == NOW + 60


def test_evidence_is_shown_when_a_jvm_failed_to_boot_and_only_then() -> None:
    """Last lines help where the reason is in them; at an ordered stop they are noise."""
    assert decide(OVERDUE, seen()).show_evidence
    assert decide(STARTING, seen(exit_code=1)).show_evidence
    assert not decide(STOPPING, seen(exit_code=143)).show_evidence


def test_the_order_that_stops_is_obeyed_once() -> None:
    """Two orders that come together are two orders: the second one is obeyed a cycle later."""
    first = decide(STARTING, seen(stops=2))
    assert first.action is Action.ASK_TO_END
    assert decide(first.situation, seen(stops=2)).action is Action.KILL
