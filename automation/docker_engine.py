"""A Docker engine that answers: the one that runs, or, as root on Debian, one that we start."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import docker
from docker.errors import DockerException

from automation import debian
from automation.console import say
from automation.errors import DockerUnavailableError
from automation.paths import CACHE

START_TIMEOUT_S = 60.0
LOG = CACHE / "dockerd.log"


def client() -> docker.DockerClient:
    """A client of an engine that answered. Raises `DockerUnavailableError`."""
    try:
        connected = docker.from_env(timeout=120)
        connected.ping()
    except DockerException as error:
        raise DockerUnavailableError(_advice(error)) from error
    return connected


def _advice(error: DockerException) -> str:
    where = os.environ.get("DOCKER_HOST", "the local socket /var/run/docker.sock")
    return (
        f"Docker does not answer at {where}: {error}.\n"
        "Start Docker (Linux: `sudo systemctl start docker`; macOS, Windows: Docker Desktop), make "
        "sure that you may use it (`docker info` must work), and run the command again."
    )


def ensure() -> docker.DockerClient:
    """A client of a running engine; installs and starts one where we are root on Debian."""
    try:
        return client()
    except DockerUnavailableError:
        if "DOCKER_HOST" in os.environ or not debian.may_install():
            raise
    debian.ensure(["dockerd"], purpose="The local cluster")
    _start()
    return client()


def _start() -> None:
    if Path("/run/systemd/system").is_dir() and shutil.which("systemctl"):
        say("Starting the Docker engine (systemctl) …")
        subprocess.run(["systemctl", "start", "docker"], check=False)
    else:
        _start_by_hand()
    _wait()


def _start_by_hand() -> None:
    say(f"Starting the Docker engine (dockerd, log in {LOG}) …")
    LOG.parent.mkdir(parents=True, exist_ok=True)
    dockerd = debian.find("dockerd")
    assert dockerd is not None
    # The first ends a dead engine's claim; a living one answered the ping before.
    Path("/var/run/docker.pid").unlink(missing_ok=True)
    with LOG.open("ab") as log:
        subprocess.Popen(
            [str(dockerd)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _wait() -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while True:
        try:
            client()
        except DockerUnavailableError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.25)
        else:
            return
