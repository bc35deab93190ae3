"""A Docker engine that answers: the one that runs, or, as root on Debian, one that we start."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import docker
from docker.errors import DockerException
from docker.utils import kwargs_from_env

from automation import debian
from automation.console import say
from automation.errors import DockerUnavailableError
from automation.paths import CACHE
from contract.docker_endpoint import (
    VARIABLES,
    DockerEndpoint,
    UnusableContextError,
    docker_endpoint,
)

START_TIMEOUT_S = 60.0
LOG = CACHE / "dockerd.log"


def client() -> docker.DockerClient:
    """A client of an engine that answered. Raises `DockerUnavailableError`.

    From then on this process and all that it starts (Pulumi's plugins, Docker's CLI) use the same
    engine, whatever they would have found by themselves.
    """
    return _client(endpoint())


def endpoint() -> DockerEndpoint:
    """The engine that the environment and Docker's configuration name, before it is asked."""
    try:
        return docker_endpoint(os.environ)
    except UnusableContextError as error:
        raise DockerUnavailableError(str(error)) from error


def _client(found: DockerEndpoint) -> docker.DockerClient:
    _hand_over(found)
    try:
        connected = docker.DockerClient(
            version="auto",
            timeout=120,
            **kwargs_from_env(),
        )
        connected.ping()
    except DockerException as error:
        raise DockerUnavailableError(_advice(found, error)) from error
    return connected


def _hand_over(found: DockerEndpoint) -> None:
    for name in VARIABLES:
        os.environ.pop(name, None)
    os.environ.update(found.variables())


def _advice(found: DockerEndpoint, error: DockerException) -> str:
    return (
        f"Docker does not answer at {found.host} ({found.chosen_by}): {_reason(error)}.\n"
        "Start Docker (Linux: `sudo systemctl start docker`; macOS, Windows: Docker Desktop), make "
        "sure that you may use it (`docker info` must work), and run the command again."
    )


def _reason(error: BaseException) -> str:
    """What the system said first, without the layers of libraries that passed it on."""
    first = error
    while inner := first.__cause__ or first.__context__:
        first = inner
    return getattr(first, "strerror", None) or str(error)


def ensure() -> docker.DockerClient:
    """A client of a running engine; installs and starts one where we are root on Debian."""
    found = endpoint()
    try:
        return _client(found)
    except DockerUnavailableError:
        if not found.is_local_default or not debian.may_install():
            raise
    debian.ensure(["dockerd"], purpose="The local cluster")
    _start()
    return _client(found)


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
