"""Waiting until a container is healthy, by its own health check."""

import time
from typing import Any

from docker.errors import APIError

from providers.docker.errors import DockerError, ProviderError
from providers.docker.resource_type import Operation

LAST_LOG_LINES = 10
"""How much of a container's own log an error shows."""

_LOOK_EVERY_S = 0.5


class UnhealthyError(ProviderError):
    """It runs, or ran, but is not healthy."""


class NoHealthcheckError(ProviderError):
    """There is nothing to wait for."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"container {name}: 'wait' needs a health check, and neither its 'healthcheck' nor "
            "its image has one. Give one, or leave 'wait' out."
        )


def wait_until_healthy(container: str, name: str, limit_s: int, operation: Operation) -> None:
    """Return once it is healthy.

    Raises `UnhealthyError` when it ended for good or is not healthy within `limit_s`, with its
    last words; `NoHealthcheckError`; `Cancelled`.
    """
    started = time.monotonic()
    while True:
        seen = _inspected(container, name, operation)
        state, health = seen["State"], seen["State"].get("Health")
        if _ended(seen):
            reason = f"it ended with exit code {state['ExitCode']} before it was healthy"
            raise _unhealthy(container, name, reason, health, operation)
        if not health:
            raise NoHealthcheckError(name)
        if health["Status"] == "healthy":
            return
        waited_s = time.monotonic() - started
        if waited_s >= limit_s:
            reason = f"it is {health['Status']}, not healthy, after {limit_s} s ('waitTimeout')"
            raise _unhealthy(container, name, reason, health, operation)
        operation.log.status(
            f"waiting for health of {name}: {health['Status']}, {waited_s:.0f} of {limit_s} s"
            f"{_last_check(health)}"
        )
        operation.pause(_LOOK_EVERY_S, f"waiting for health of {name}")


def _inspected(container: str, name: str, operation: Operation) -> dict[str, Any]:
    try:
        seen: dict[str, Any] = operation.docker.inspect_container(container)
    except APIError as cause:
        raise DockerError(f"look at container {name}", cause) from cause
    return seen


def _ended(seen: dict[str, Any]) -> bool:
    """Whether it stopped and Docker will not start it again."""
    state = seen["State"]
    return state["Status"] in {"exited", "dead"} and not state.get("Restarting")


def _last_check(health: dict[str, Any] | None) -> str:
    checks = (health or {}).get("Log") or []
    said = " ".join(str(checks[-1].get("Output", "")).split())[:160] if checks else ""
    return f"; last check: {said}" if said else ""


def _unhealthy(
    container: str, name: str, reason: str, health: dict[str, Any] | None, operation: Operation
) -> UnhealthyError:
    lines = "\n".join(f"    {line}" for line in last_log_lines(container, operation))
    return UnhealthyError(
        f"container {name}: {reason}{_last_check(health)}\n"
        f"  the last lines of its log:\n{lines or '    (nothing)'}\n"
        f"  See all of it with `docker logs {name}`, mend the cause and run again."
    )


def last_log_lines(container: str, operation: Operation) -> list[str]:
    """Its last words; none where its log driver cannot be read."""
    try:
        text = operation.docker.logs(container, tail=LAST_LOG_LINES)
    except APIError:
        return []
    return bytes(text).decode(errors="replace").splitlines()
