"""An update that is cut off can simply be run again, and leaves nothing outside of its state."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docker
import pytest

from automation.paths import ROOT, STATE

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(900)]

STACK = "interrupted"
CLUSTER = f"scipio-{STACK}"
STACK_FILE = ROOT / "stacks" / f"Pulumi.{STACK}.yaml"
STACK_TEXT = """\
config:
  scipio:profile: local
  scipio:nodes: {count: 1}
  scipio:balancer: {httpsPort: 28443, httpPort: 28080, statisticsPort: 28404}
"""


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "automation", words[0], "--stack", STACK, *words[1:]]


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*words),
        cwd=ROOT,
        env={**os.environ, **environment},
        text=True,
        capture_output=True,
        check=False,
    )


@pytest.fixture
def own_stack(docker_engine: docker.DockerClient) -> Iterator[None]:
    """A stack of one node on ports of its own; nothing of it is left afterwards."""
    STACK_FILE.write_text(STACK_TEXT)
    try:
        yield
        gone = run("down", "--confirm", STACK)
        assert gone.returncode == 0, gone.stdout + gone.stderr
        assert labelled(docker_engine) == []
    finally:
        STACK_FILE.unlink()
        for remains in (STATE / ".pulumi").rglob(f"{STACK}.json*"):
            remains.unlink()


def labelled(engine: docker.DockerClient) -> list[str]:
    """Every Docker object of the stack."""
    wanted: dict[str, str | list[str] | bool] = {"label": f"scipio.cluster={CLUSTER}"}
    found: list[Any] = [
        *engine.containers.list(all=True, filters=wanted),
        *engine.networks.list(filters=wanted),
        *engine.volumes.list(filters=wanted),
    ]
    return [str(thing.name) for thing in found]


def cut_off(log: Path, engine: docker.DockerClient, cut: signal.Signals) -> int:
    """Begin an update, and cut it off once its database container is there."""
    with log.open("wb") as output:
        update = subprocess.Popen(
            command("up", "--no-check"),
            cwd=ROOT,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        deadline = time.monotonic() + 300
        while not any(name.startswith("database-") for name in labelled(engine)):
            assert update.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        os.killpg(update.pid, cut)
        return update.wait(timeout=180)


def nodes_of(engine: docker.DockerClient) -> list[str]:
    return [name for name in labelled(engine) if name.startswith("node-")]


@pytest.mark.usefixtures("own_stack")
@pytest.mark.parametrize("cut", [signal.SIGINT, signal.SIGKILL])
def test_an_update_that_was_cut_off_is_run_again(
    docker_engine: docker.DockerClient, tmp_path: Path, cut: signal.Signals
) -> None:
    """Ctrl-C ends it in order with a message; a kill leaves a lock and strays, which go."""
    log = tmp_path / "up.log"
    assert cut_off(log, docker_engine, cut) != 0
    if cut is signal.SIGINT:
        assert "Stopping" in log.read_text()
        assert "Traceback" not in log.read_text()
    again = run("up", "--no-check")
    assert again.returncode == 0, again.stdout + again.stderr
    assert len(nodes_of(docker_engine)) == 1
    wrong = run("up", "--no-check", PULUMI_CONFIG_PASSPHRASE="wrong")
    assert wrong.returncode == 3, wrong.stdout + wrong.stderr
    assert "is not the passphrase" in wrong.stderr
    assert len(nodes_of(docker_engine)) == 1
