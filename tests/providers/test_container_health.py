"""Waiting for health, over a Docker that answers from a script."""

import threading
from typing import Any, cast

import pytest

from providers.docker.container_health import (
    NoHealthcheckError,
    UnhealthyError,
    wait_until_healthy,
)
from providers.docker.errors import Cancelled
from providers.docker.resource_type import Operation


class ScriptedDocker:
    """Each look gives the next state; the last one stays."""

    def __init__(self, *states: dict[str, Any]) -> None:
        self._states = list(states)

    def inspect_container(self, _container: str) -> dict[str, Any]:
        """The next state."""
        state = self._states.pop(0) if len(self._states) > 1 else self._states[0]
        return {"State": state}

    def logs(self, _container: str, **_options: Any) -> bytes:
        """Always the same."""
        return b"its\nlast words\n"


class Spoken:
    """A log that keeps what was said."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def status(self, message: str) -> None:
        """Keep it."""
        self.lines.append(message)


class NoTimePasses(threading.Event):
    """Waiting ends at once, so that a test takes no time."""

    def wait(self, _timeout: float | None = None) -> bool:
        """At once."""
        return self.is_set()


def _state(status: str, health: str | None = None, **more: Any) -> dict[str, Any]:
    checks: dict[str, Any] = (
        {"Health": {"Status": health, "Log": [{"Output": "it says\n why "}]}} if health else {}
    )
    return {"Status": status, "ExitCode": 0, **checks, **more}


def _operation(*states: dict[str, Any]) -> Operation:
    scripted, spoken = cast(Any, ScriptedDocker(*states)), cast(Any, Spoken())
    return Operation(scripted, spoken, NoTimePasses())


def test_it_returns_once_healthy_and_tells_what_it_waits_for() -> None:
    """With the last check's own words."""
    operation = _operation(_state("running", "starting"), _state("running", "healthy"))
    wait_until_healthy("id", "node-1", 60, operation)
    (line,) = cast(Any, operation.log).lines
    assert line == "waiting for health of node-1: starting, 0 of 60 s; last check: it says why"


def test_an_unhealthy_one_is_waited_for_until_the_limit() -> None:
    """It may recover; after the limit its last words are in the error."""
    operation = _operation(_state("running", "unhealthy"))
    with pytest.raises(UnhealthyError) as caught:
        wait_until_healthy("id", "node-1", 0, operation)
    assert "it is unhealthy, not healthy, after 0 s ('waitTimeout')" in str(caught.value)
    assert "last check: it says why" in str(caught.value)
    assert "last words" in str(caught.value)


def test_one_that_ended_for_good_is_not_waited_for() -> None:
    """Its exit code says more than a time-out."""
    operation = _operation(_state("exited", "starting", ExitCode=78))
    with pytest.raises(UnhealthyError, match="ended with exit code 78"):
        wait_until_healthy("id", "node-1", 60, operation)


def test_one_that_docker_restarts_is_waited_for() -> None:
    """A node may need a second try."""
    operation = _operation(
        _state("restarting", "unhealthy", Restarting=True), _state("running", "healthy")
    )
    wait_until_healthy("id", "node-1", 60, operation)


def test_without_a_health_check_there_is_nothing_to_wait_for() -> None:
    """Which is said, and not waited out."""
    with pytest.raises(NoHealthcheckError, match="'wait' needs a health check"):
        wait_until_healthy("id", "node-1", 60, _operation(_state("running")))


def test_a_stopped_run_does_not_wait() -> None:
    """Ctrl-C ends it."""
    operation = _operation(_state("running", "starting"))
    operation.cancelled.set()
    with pytest.raises(Cancelled, match="stopped while waiting for health of node-1"):
        wait_until_healthy("id", "node-1", 60, operation)
