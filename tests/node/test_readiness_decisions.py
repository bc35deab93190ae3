"""When a node counts as ready, and when a JVM that lives is given up: the clock is the test's."""

from dataclasses import replace

import pytest

from node.balancer_sign import Sign
from node.decide import decide
from node.errors import NOT_SERVING
from node.membership import ALIVE, Membership
from node.observe import Seen
from node.signals import SignalsSeen
from node.situation import Action, Limits, Phase, Situation, Step

LIMITS = Limits(boot_s=300, stop_s=20, drain_s=50, silence_s=120, subscription_s=60, parting_s=2)
STARTED = Situation(
    phase=Phase.STARTING, child_started=True, awaits_subscription=True, limits=LIMITS
)


class Clock:
    """A loop whose view is the test's: each look is one cycle at a second of its own."""

    def __init__(self, situation: Situation, at: float = 1000) -> None:
        self.situation = situation
        self.now = at

    def look(
        self,
        after_s: float = 1,
        *,
        serving: bool = False,
        subscribed: bool = False,
        warmed_up: str | None = None,
        stops: int = 0,
        exit_code: int | None = None,
    ) -> Step:
        self.now += after_s
        step = decide(
            self.situation,
            Seen(
                now=self.now,
                serving=serving,
                subscribed=subscribed,
                warmed_up=warmed_up,
                exit_code=exit_code,
                signals=SignalsSeen(stops),
            ),
        )
        self.situation = step.situation
        return step

    def looks(self, seconds: int, *, serving: bool = False, subscribed: bool = False) -> list[Step]:
        """One a second."""
        return [self.look(serving=serving, subscribed=subscribed) for _ in range(seconds)]


@pytest.mark.parametrize(("stuck_s", "ends"), [(0, False), (59.9, False), (60, True)])
def test_a_jvm_whose_whole_pool_stands_is_ended_as_a_silent_one(stuck_s: float, ends: bool) -> None:
    """Its health path answers all the while."""
    before = replace(STARTED, phase=Phase.SERVING, limits=replace(LIMITS, pool_stuck_s=60))
    said = Membership(state=ALIVE, running_jobs=0, pool_stuck_s=stuck_s)
    step = decide(before, Seen(now=1000, serving=True, membership=said))
    if ends:
        assert step.action is Action.DUMP_THREADS
        assert step.situation.exit_code == NOT_SERVING
        assert "had its whole connection pool idle in transaction for 60 s" in step.sentence
    else:
        assert step.situation.phase is Phase.SERVING
        assert step.ready


def test_a_jvm_that_answers_is_not_used_before_it_is_subscribed() -> None:
    """It would miss what the others clear meanwhile."""
    clock = Clock(STARTED)
    for step in clock.looks(30, serving=True):
        assert (step.situation.phase, step.ready, step.sign) == ("starting", False, Sign.DOWN)

    step = clock.look(serving=True, subscribed=True)

    assert (step.situation.phase, step.ready, step.sign) == ("serving", True, Sign.UP)
    assert step.sentence == "The node serves."


def test_without_a_broker_a_node_serves_after_the_limit_and_says_so() -> None:
    """Otherwise an outage of the broker would keep every node away that starts meanwhile."""
    clock = Clock(STARTED)
    clock.look(serving=True)
    assert not any(step.ready for step in clock.looks(59, serving=True))

    step = clock.look(serving=True)

    assert step.ready
    assert "not subscribed to the topic" in step.sentence


def test_mode_stock_asks_the_health_path_alone() -> None:
    """The ERP's own listener gives no sign of its subscription."""
    stock = Situation(phase=Phase.STARTING, child_started=True, limits=LIMITS)
    assert decide(stock, Seen(now=1, serving=True)).ready


def test_the_warm_up_begins_once_and_ready_waits_for_its_end() -> None:
    """Longer than the limit of the boot, which is over with the first answer."""
    clock = Clock(replace(STARTED, warm_up_due=True))
    clock.looks(299)
    actions = [step.action for step in clock.looks(400, serving=True, subscribed=True)]
    assert actions == [Action.BEGIN_WARM_UP] + [Action.NOTHING] * 399
    assert clock.situation.phase is Phase.STARTING

    said = clock.look(serving=True, subscribed=True, warmed_up="the first page took 20.0 s (200)")
    assert said.sentence == "Warm-up: the first page took 20.0 s (200)."
    step = clock.look(serving=True, subscribed=True, warmed_up="the first page took 20.0 s (200)")

    assert (step.ready, step.sign, step.sentence) == (True, Sign.UP, "The node serves.")


def test_warm_up_and_subscription_are_waited_for_at_once() -> None:
    """The limit of the one is not added to that of the other."""
    clock = Clock(replace(STARTED, warm_up_due=True))
    clock.looks(50, serving=True)
    clock.look(serving=True, warmed_up="over")
    assert not clock.look(serving=True, warmed_up="over").ready
    clock.looks(8, serving=True)
    assert clock.look(serving=True, warmed_up="over").ready


def test_a_subscription_that_is_lost_later_takes_no_node_away() -> None:
    """A broker that fails over would take all nodes away at once."""
    clock = Clock(STARTED)
    clock.look(serving=True, subscribed=True)

    step = clock.look(serving=True, subscribed=False)

    assert (step.ready, step.sign) == (True, Sign.UP)
    assert "not subscribed to the topic" in step.sentence


def test_a_missed_answer_is_no_word_to_the_balancer() -> None:
    """It asks the JVM itself, and has its own patience."""
    clock = Clock(STARTED)
    clock.look(serving=True, subscribed=True)

    step = clock.look()

    assert (step.ready, step.sign) == (False, Sign.UP)


def test_a_jvm_that_fell_silent_is_ended_with_its_threads_first() -> None:
    """Dump, time to write it, SIGTERM, and a kill for one that hangs in that too."""
    clock = Clock(STARTED)
    clock.look(serving=True, subscribed=True)
    assert {step.action for step in clock.looks(120)} == {Action.NOTHING}

    dump = clock.look()
    assert dump.action is Action.DUMP_THREADS
    assert dump.show_evidence
    assert "did not answer for 120 s" in dump.sentence
    assert dump.sign is Sign.DOWN
    assert [clock.look().action for _ in range(5)] == [Action.NOTHING] * 4 + [Action.ASK_TO_END]
    assert {step.action for step in clock.looks(19)} == {Action.NOTHING}
    assert clock.look().action is Action.KILL
    assert clock.look(exit_code=137).situation.exit_code == NOT_SERVING


def test_one_answer_ends_a_silence() -> None:
    """A pause of two minutes is one; two of one minute are not."""
    clock = Clock(STARTED)
    clock.look(serving=True, subscribed=True)
    for _ in range(4):
        assert {step.action for step in clock.looks(100)} == {Action.NOTHING}
        clock.look(serving=True)


def test_a_silence_while_the_whole_node_stood_still_is_not_the_jvms() -> None:
    """A container that was paused, or a machine that slept, comes back with both at once."""
    clock = Clock(STARTED)
    clock.look(serving=True, subscribed=True)
    clock.looks(10)

    assert clock.look(after_s=3600).action is Action.NOTHING
    assert {step.action for step in clock.looks(119)} == {Action.NOTHING}
    assert clock.look().action is Action.DUMP_THREADS


def test_a_jvm_that_answered_and_fell_silent_at_boot_gets_the_same_time() -> None:
    """The limit of the boot is over then, and says nothing of it."""
    clock = Clock(STARTED)
    clock.looks(295)
    clock.looks(10, serving=True)
    assert {step.action for step in clock.looks(120)} == {Action.NOTHING}
    assert clock.look().action is Action.DUMP_THREADS


@pytest.mark.parametrize("seconds", [1, 4])
def test_a_stop_order_while_threads_are_written_kills_nothing(seconds: int) -> None:
    """The JVM is on its way out already; only the next order is a second one."""
    clock = Clock(STARTED)
    clock.looks(2)
    clock.look(after_s=400)
    clock.looks(seconds)
    assert clock.look(stops=1).action is Action.NOTHING
    assert clock.look(stops=2).action is Action.KILL
