"""A release through a real HAProxy: who is where stays there, who is new gets the active colour."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.server_process import ServerProcess, wait_until
from tests.templates.balanced import Balanced, two_colours

PROGRAM = Path(__file__).resolve().parents[2] / "image" / "balancer" / "balancer-release"
DRAINED = "DRAIN"


@pytest.fixture
def balanced(tmp_path: Path) -> Iterator[Balanced]:
    """A blue node and a green one, and both get visitors so far."""
    with two_colours(tmp_path) as running:
        yield running


def environment(balanced: Balanced, colour: str) -> dict[str, str]:
    folder = balanced.listen.control_folder or ""
    return {**os.environ, "BALANCER_CONTROL": folder, "ACTIVE_COLOUR": colour}


def verdict(balanced: Balanced, colour: str) -> tuple[int, str]:
    """What the health check of the release says."""
    asked = subprocess.run(
        [PROGRAM, "--check"],
        env=environment(balanced, colour),
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.returncode, asked.stdout


@contextmanager
def told(balanced: Balanced, colour: str, log: Path) -> Iterator[ServerProcess]:
    """The release program as it runs in its container."""
    program = ServerProcess(
        "balancer-release", [str(PROGRAM)], log=log, environment=environment(balanced, colour)
    )
    try:
        yield program
    finally:
        # 143 where all was so already, and it had not come to its trap yet.
        assert program.end() in (0, 128 + signal.SIGTERM)


def switched(balanced: Balanced, colour: str, log: Path) -> None:
    """Everyone new gets `colour`, and the program is gone again."""
    with told(balanced, colour, log):
        wait_until(f"{colour} is active", lambda: verdict(balanced, colour)[0] == 0, within_s=30)


def states(balanced: Balanced) -> dict[str, str]:
    """HAProxy's word on each node, without its reason in brackets."""
    return {name: state.split()[0] for name, state in balanced.states().items()}


def visitor_of(balanced: Balanced, node: str) -> dict[str, str]:
    """The cookie of a visitor who came to this node."""
    while (answer := balanced.get("/admin/x")).node != node:
        pass
    assert answer.cookie is not None
    return {"Cookie": answer.cookie}


def test_visitors_survive_a_release_and_its_way_back(balanced: Balanced, tmp_path: Path) -> None:
    log = tmp_path / "release.log"
    blue = visitor_of(balanced, "blue1")
    switched(balanced, "green", log)
    assert states(balanced) == {"blue1": DRAINED, "green1": "UP"}
    assert {balanced.get("/admin/x").node for _ in range(6)} == {"green1"}
    assert {balanced.get("/admin/x", blue).node for _ in range(6)} == {"blue1"}

    green = visitor_of(balanced, "green1")
    switched(balanced, "blue", log)
    assert states(balanced) == {"blue1": "UP", "green1": DRAINED}
    assert {balanced.get("/admin/x").node for _ in range(6)} == {"blue1"}
    assert balanced.get("/admin/x", blue).node == "blue1"
    assert balanced.get("/admin/x", green).node == "green1"


def test_a_restart_of_the_balancer_forgets_neither_colour_nor_cookies(
    balanced: Balanced, tmp_path: Path
) -> None:
    """From its first answer on, with nobody there to say it again."""
    blue = visitor_of(balanced, "blue1")
    switched(balanced, "green", tmp_path / "release.log")
    balanced.restart()
    assert {balanced.get("/admin/x").node for _ in range(6)} == {"green1"}
    assert balanced.get("/admin/x", blue).node == "blue1"


def test_a_release_is_done_only_when_a_restart_would_keep_it(
    balanced: Balanced, tmp_path: Path
) -> None:
    """Also when whoever told HAProxy was killed before it was written down."""
    switched(balanced, "green", tmp_path / "release.log")
    (tmp_path / "servers").unlink()
    assert verdict(balanced, "green") == (
        1,
        "balancer-release: not yet kept for a restart of the balancer\n",
    )
    switched(balanced, "green", tmp_path / "release.log")
    balanced.restart()
    assert states(balanced)["blue1"] == DRAINED


def test_no_colour_is_drained_while_the_other_one_has_nobody(
    balanced: Balanced, tmp_path: Path
) -> None:
    """The update fails with a sentence, and visitors notice nothing."""
    balanced.nodes[1].stop()
    wait_until("green is gone", lambda: balanced.states()["green1"] != "UP", within_s=30)
    log = tmp_path / "release.log"
    with told(balanced, "green", log):
        wait_until("it waits", lambda: "waiting for a green node" in log.read_text(), within_s=30)
        assert verdict(balanced, "green") == (
            1,
            "balancer-release: no green node is up yet\n",
        )
        assert balanced.get("/admin/x").node == "blue1"


def test_a_release_keeps_off_what_an_operator_took_out(balanced: Balanced, tmp_path: Path) -> None:
    """Maintenance is not a colour's business."""
    socket = f"UNIX-CONNECT:{balanced.listen.control_folder}/admin.sock"
    order = "set server nodes/blue1 state maint\n"
    subprocess.run(["socat", "-", socket], input=order, text=True, check=True)
    switched(balanced, "green", tmp_path / "release.log")
    assert states(balanced)["blue1"] == "MAINT"


def test_another_colour_is_refused(balanced: Balanced) -> None:
    asked = subprocess.run(
        [PROGRAM], env=environment(balanced, "red"), capture_output=True, text=True, check=False
    )
    assert asked.returncode == 78
    assert "ACTIVE_COLOUR is 'red'; it must be blue or green" in asked.stderr
