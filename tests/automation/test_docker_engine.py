"""Without an engine there is one message that says where it was looked for and what to do."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pulumi
import pytest

from automation import docker_engine
from automation.errors import DockerUnavailableError
from checks.check import BrokenPromiseError
from checks.faults import DockerContainers
from components.docker.engine_choice import refuse_two_engines
from providers.docker.daemon import Daemon
from providers.docker.errors import ProviderError

SAYS = (DockerUnavailableError, BrokenPromiseError, ProviderError)

ASKS: dict[str, Callable[[], object]] = {
    "make up": docker_engine.ensure,
    "make check": docker_engine.client,
    "python -m checks": lambda: DockerContainers().is_healthy("node"),
    "the provider": lambda: Daemon().client(),
}
"""Everything that looks for an engine, each by its own way in."""


@pytest.fixture
def active(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an active Docker context, at which nothing listens."""
    address = f"unix://{tmp_path}/elsewhere.sock"
    meta = tmp_path / "contexts" / "meta" / hashlib.sha256(b"elsewhere").hexdigest()
    meta.mkdir(parents=True)
    (meta / "meta.json").write_text(json.dumps({"Endpoints": {"docker": {"Host": address}}}))
    (tmp_path / "config.json").write_text(json.dumps({"currentContext": "elsewhere"}))
    for name in ("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CERT_PATH"):
        # What is set later in the test is taken back by this as well.
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    return address


@pytest.mark.parametrize("ask", [docker_engine.client, docker_engine.ensure])
def test_an_engine_that_does_not_answer_is_named(
    ask: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is installed or started in the place of an engine that was chosen."""
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:1")
    assert callable(ask)
    with pytest.raises(DockerUnavailableError) as refused:
        ask()
    assert "Docker does not answer at tcp://127.0.0.1:1 (DOCKER_HOST): Connection refused." in str(
        refused.value
    )
    assert "run the command again" in str(refused.value)


@pytest.mark.parametrize("who", ASKS)
def test_everything_looks_for_the_engine_in_one_place(who: str, active: str) -> None:
    with pytest.raises(SAYS, match=active):
        ASKS[who]()


@pytest.mark.parametrize("who", ASKS)
def test_a_context_that_does_not_exist_is_one_message(
    who: str, active: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_CONTEXT", "gone")
    with pytest.raises(SAYS, match="DOCKER_CONTEXT=gone: this Docker context does not exist"):
        ASKS[who]()


@pytest.mark.parametrize("who", ASKS)
@pytest.mark.parametrize(
    ("address", "says"),
    [("ssh://anna@far", "ssh -fNL /tmp/docker.sock"), ("far:2376", "Allowed are unix:///path")],
)
def test_an_address_that_not_every_part_can_use_is_one_message(
    who: str, address: str, says: str, active: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", address)
    with pytest.raises(SAYS, match=f"DOCKER_HOST: {address} .*{says}"):
        ASKS[who]()


def test_what_this_process_starts_uses_the_same_engine(
    active: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Docker's CLI and Pulumi's plugins are handed the address, and no context beside it."""
    monkeypatch.setenv("DOCKER_CONTEXT", "elsewhere")
    with pytest.raises(DockerUnavailableError):
        docker_engine.client()
    show = "import os; print(os.environ.get('DOCKER_HOST'), os.environ.get('DOCKER_CONTEXT'))"
    seen = subprocess.run([sys.executable, "-c", show], capture_output=True, text=True, check=True)
    assert seen.stdout.split() == [active, "None"]


def test_an_ordinary_update_refuses_an_engine_that_a_part_of_the_plugin_would_miss(
    active: str,
) -> None:
    with pytest.raises(pulumi.RunError, match=f"export DOCKER_HOST={active}; unset"):
        refuse_two_engines(os.environ, {})
    refuse_two_engines(os.environ, {"docker:host": "unix:///run/docker.sock"})
    refuse_two_engines({"DOCKER_HOST": active}, {})
    with pytest.raises(pulumi.RunError, match="DOCKER_HOST and DOCKER_CONTEXT"):
        refuse_two_engines({"DOCKER_HOST": active, "DOCKER_CONTEXT": "elsewhere"}, {})
