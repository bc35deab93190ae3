"""A node that stood still, or is not confirmed as one of the cluster, serves no visitor."""

import os
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest

from node.balancer_sign import Sign
from node.decide import LONGEST_LOOK_S, UNCONFIRMED_PAUSE_S, decide
from node.health_file import is_ready
from node.membership import LEASE_S, Membership
from node.observe import Seen
from node.situation import Action, Limits, Phase, Situation, Step
from tests.node.supervised import SupervisedNode
from tests.support.server_process import wait_until

NOW = 1000.0
SERVING = Situation(
    phase=Phase.SERVING,
    child_started=True,
    answered_since=1,
    has_companion=True,
    companion_reported=NOW,
    looked_at=NOW,
    confirmed_at=NOW,
    limits=Limits(drain_s=600, silence_s=120),
)


def look(situation: Situation, at: float, *, confirmed: float | None, state: str = "alive") -> Step:
    """One cycle in which the JVM answers and the companion says what was confirmed when."""
    said = Membership(state=state, running_jobs=0, confirmed_uptime_s=confirmed)
    return decide(situation, Seen(now=at, serving=True, membership=said))


def test_a_node_that_stood_still_waits_for_a_word_that_is_newer() -> None:
    """What was confirmed before says nothing, however short the time was."""
    woken = NOW + LONGEST_LOOK_S + 1
    step = look(SERVING, woken, confirmed=NOW + LONGEST_LOOK_S)
    assert (step.ready, step.sign, step.action) == (False, Sign.DOWN, Action.NOTHING)
    assert step.sentence.startswith("The node stood still: it serves no visitor until")
    assert step.pause_s == UNCONFIRMED_PAUSE_S

    step = look(step.situation, woken + 0.2, confirmed=NOW + LONGEST_LOOK_S)
    assert step.sign is Sign.DOWN
    step = look(step.situation, woken + 0.4, confirmed=woken + 0.1)
    assert (step.ready, step.sign, step.sentence) == (True, Sign.UP, "The node serves.")


def test_a_companion_that_stood_still_too_is_not_killed_for_its_silence() -> None:
    """It is what says whether the node is a member still."""
    step = decide(SERVING, Seen(now=NOW + 80, serving=True))
    assert (step.action, step.sign) == (Action.NOTHING, Sign.DOWN)


def test_a_node_that_is_given_up_while_it_stood_still_is_killed() -> None:
    step = look(SERVING, NOW + 80, confirmed=None)
    step = look(step.situation, NOW + 80.2, confirmed=None, state="fenced")
    assert (step.action, step.sign) == (Action.KILL, Sign.DOWN)


def looks(situation: Situation, *, until: float, confirmed: float | None) -> Step:
    """One a second from NOW on."""
    step = look(situation, NOW + 1, confirmed=confirmed)
    at = NOW + 2
    while at <= until:
        step = look(step.situation, at, confirmed=confirmed)
        at += 1
    return step


def test_a_node_whose_link_to_the_database_is_cut_serves_for_the_length_of_its_lease() -> None:
    """Others may give it up later than that; it serves again with the next confirmation."""
    step = looks(SERVING, until=NOW + LEASE_S, confirmed=NOW)
    assert (step.ready, step.sign) == (True, Sign.UP)
    step = looks(SERVING, until=NOW + LEASE_S + 1, confirmed=NOW)
    assert (step.ready, step.sign) == (False, Sign.DOWN)
    assert step.sentence.startswith("The database has not confirmed for 20 s that this node is")
    step = look(step.situation, NOW + 30, confirmed=NOW + 29)
    assert (step.ready, step.sign) == (True, Sign.UP)


def test_a_companion_that_starts_anew_costs_no_visitor() -> None:
    """It has not said anything yet."""
    step = decide(SERVING, Seen(now=NOW + 5, serving=True, membership=None))
    assert (step.ready, step.sign) == (True, Sign.UP)
    step = look(step.situation, NOW + 6, confirmed=None)
    assert (step.ready, step.sign) == (True, Sign.UP)


def test_a_draining_node_that_is_not_confirmed_loses_its_visitors_too() -> None:
    draining = replace(SERVING, phase=Phase.DRAINING, deadline=NOW + 600)
    assert look(draining, NOW + 1, confirmed=NOW).sign is Sign.DRAIN
    assert looks(draining, until=NOW + LEASE_S + 1, confirmed=NOW).sign is Sign.DOWN


def test_a_node_without_a_companion_has_no_place_to_lose() -> None:
    alone = replace(SERVING, has_companion=False, confirmed_at=None)
    assert decide(alone, Seen(now=NOW + 80, serving=True)).sign is Sign.UP


# --- over real processes


def processes(node: SupervisedNode) -> list[int]:
    """The agent first: so it is in a container's freezer, which stops and wakes all at once."""
    pid = node.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


def test_the_sign_is_down_from_the_moment_that_the_node_wakes_up(tmp_path: Path) -> None:
    """Asked before its loop has had a look, and with the companion's old word still there."""
    with SupervisedNode(tmp_path, serves=True, companion=()) as node:
        wait_until("ready", lambda: is_ready(node.run_folder), within_s=15)
        node.wait_for_sign("up 100%")
        node.write("mute")
        stopped = processes(node)
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        time.sleep(LONGEST_LOOK_S + 0.5)
        for pid in reversed(stopped):
            os.kill(pid, signal.SIGCONT)
        assert node.sign() == "down\n"
        node.wait_for("The node stood still: it serves no visitor until the database confirms")
        assert node.sign() == "down\n"
        assert not node.ready_file.exists()
        (node.run_folder / "mute").unlink()
        node.wait_for_sign("up 100%")
        assert "started again" not in node.output


def test_a_node_that_is_fenced_when_it_wakes_up_never_says_up_again(tmp_path: Path) -> None:
    with SupervisedNode(tmp_path, serves=True, companion=()) as node:
        wait_until("ready", lambda: is_ready(node.run_folder), within_s=15)
        stopped = processes(node)
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        time.sleep(LONGEST_LOOK_S + 0.5)
        node.write("fenced")
        began = time.monotonic()
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)
        assert node.process.wait_for_exit(within_s=15) == 75
        assert time.monotonic() - began < 5
        assert node.output.count("The node serves.") == 1


@pytest.mark.parametrize("sentence", ["not confirmed for 20 s"])
def test_a_node_that_nobody_confirms_says_so_and_serves_again_by_itself(
    tmp_path: Path, sentence: str
) -> None:
    with SupervisedNode(tmp_path, serves=True, companion=()) as node:
        wait_until("ready", lambda: is_ready(node.run_folder), within_s=15)
        node.write("unconfirmed")
        wait_until("the sign is down", lambda: node.sign() == "down\n", within_s=LEASE_S + 10)
        assert sentence in node.output
        (node.run_folder / "unconfirmed").unlink()
        node.wait_for_sign("up 100%")
