"""The agent's end over real processes: drain, fence, companion, sign, evidence."""

import os
import signal
import socket
import time
from pathlib import Path

from node.errors import FENCED, NOT_SERVING
from node.health_file import is_ready
from tests.node.supervised import SupervisedNode
from tests.support.longest_seen import LongestSeen
from tests.support.server_process import wait_until

READY_S = 15


def wait_until_ready(node: SupervisedNode) -> None:
    wait_until("ready", lambda: is_ready(node.run_folder), within_s=READY_S)


def children(node: SupervisedNode) -> list[int]:
    pid = node.process.pid
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_a_node_waits_for_its_running_job_and_then_ends_in_order(tmp_path: Path) -> None:
    """Companion and balancer informed, job waited for, JVM ended, everything handed back."""
    with SupervisedNode(tmp_path, serves=True, companion=()) as node:
        node.write("jobs", "1")
        wait_until_ready(node)
        assert node.sign() == "up 100%\n"

        node.process.send(signal.SIGTERM)

        node.wait_for("waiting for 1 jobs to end")
        assert node.health["phase"] == "draining"
        assert not node.ready_file.exists()
        node.wait_for_sign("up 0%")
        assert "got SIGTERM" not in node.output
        node.write("jobs", "0")
        assert node.exit_code() == 143
        steps = [
            "companion: drains",
            "No job runs any more",
            "got SIGTERM",
            "companion: hands back",
        ]
        places = [node.output.index(step) for step in steps]
        assert places == sorted(places)


def test_a_job_that_does_not_end_is_not_waited_for_longer_than_the_limit(tmp_path: Path) -> None:
    """What it held is handed back all the same."""
    with SupervisedNode(tmp_path, serves=True, companion=(), drain_timeout_s=1) as node:
        node.write("jobs", "1")
        wait_until_ready(node)
        node.process.send(signal.SIGTERM)
        assert node.exit_code() == 143
        assert "are over with 1 still there" in node.output
        assert "companion: hands back" in node.output


def test_a_second_order_ends_a_draining_node_and_hands_back(tmp_path: Path) -> None:
    """The JVM is killed in the middle of its job."""
    with SupervisedNode(tmp_path, serves=True, companion=()) as node:
        node.write("jobs", "1")
        wait_until_ready(node)
        node.process.send(signal.SIGTERM)
        node.wait_for("waiting for 1 jobs to end")
        node.process.send(signal.SIGTERM)
        assert node.exit_code() == 137
        assert "got SIGTERM" not in node.output
        assert "companion: hands back" in node.output


def test_a_node_that_the_others_gave_up_ends_with_its_own_code(tmp_path: Path) -> None:
    """Its platform starts it again, as a new run that joins anew."""
    with SupervisedNode(tmp_path, serves=True, companion=()) as node:
        wait_until_ready(node)
        node.write("fenced")
        assert node.exit_code() == FENCED
        assert "got SIGTERM" not in node.output
        assert "The companion says fenced." in node.output


def test_a_companion_that_dies_comes_back_beside_the_same_jvm(tmp_path: Path) -> None:
    with SupervisedNode(tmp_path, serves=True, companion=()) as node:
        wait_until_ready(node)
        jvm, companion = sorted(children(node), key=_is_companion)
        os.kill(companion, signal.SIGKILL)
        node.wait_for("companion: begins", times=2)
        assert jvm in children(node)
        node.process.send(signal.SIGTERM)
        assert node.exit_code() == 143
        assert "companion: hands back" in node.output


def test_a_companion_that_cannot_join_is_the_end_with_its_code(tmp_path: Path) -> None:
    """No JVM has been started."""
    with SupervisedNode(tmp_path, companion=("--exit", "78")) as node:
        assert node.exit_code() == 78
        assert "could not join the cluster" in node.output
        assert "ready" not in node.output


def test_the_balancer_is_told_to_wait_until_the_node_is_subscribed(tmp_path: Path) -> None:
    """What an earlier JVM said of its subscription counts for nothing."""
    node = SupervisedNode(tmp_path, serves=True, subscription_wait_s=600)
    node.say_subscribed(subscribed=True)
    with node:
        node.wait_for("waiting until it is subscribed")
        assert node.sign() == "down\n"
        assert not node.ready_file.exists()
        node.say_subscribed(subscribed=True)
        wait_until_ready(node)
        node.wait_for_sign("up 100%")


def test_a_node_without_a_broker_is_ready_after_the_limit(tmp_path: Path) -> None:
    with SupervisedNode(tmp_path, serves=True, subscription_wait_s=0.5) as node:
        wait_until_ready(node)
        node.wait_for("The node serves, but is not subscribed")


def test_a_jvm_that_falls_silent_is_ended_with_its_threads(
    tmp_path: Path, longest_seen: LongestSeen
) -> None:
    """Asked for them before it is told to end."""
    with SupervisedNode(tmp_path, serves=True, silence_timeout_s=1) as node:
        wait_until_ready(node)
        for pid in children(node):
            os.kill(pid, signal.SIGUSR1)  # tells the scripted child to answer 503
        silent = time.monotonic()
        assert node.exit_code() == NOT_SERVING
        longest_seen("a JVM answers nothing, limit 1 s: ended", time.monotonic() - silent)
        assert node.output.index("got SIGQUIT") < node.output.index("got SIGTERM")


def test_a_port_that_is_taken_costs_the_sign_and_nothing_else(tmp_path: Path) -> None:
    """The balancer's own checks decide alone then."""
    node = SupervisedNode(tmp_path, serves=True)
    with socket.create_server(("", node.sign_port)), node:
        node.wait_for("the balancer's sign cannot be shown there")
        wait_until_ready(node)


def _is_companion(pid: int) -> bool:
    return b"scripted_companion" in Path(f"/proc/{pid}/cmdline").read_bytes()
