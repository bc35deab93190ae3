"""How Docker asks a container whether it can be used."""

from dataclasses import dataclass

import pulumi_docker as docker

INTERVAL_S = 2
TIMEOUT_S = 5
RETRIES = 3


@dataclass(frozen=True, kw_only=True)
class HealthCheck:
    """`command` exits 0 when the container can be used.

    For `start_period_s` seconds a failure does not count: the container is starting, not unhealthy.
    """

    command: tuple[str, ...]
    start_period_s: int

    def arguments(self) -> docker.ContainerHealthcheckArgs:
        return docker.ContainerHealthcheckArgs(
            tests=["CMD", *self.command],
            interval=duration(INTERVAL_S),
            timeout=duration(TIMEOUT_S),
            start_period=duration(self.start_period_s),
            retries=RETRIES,
        )


def duration(seconds: int) -> str:
    """Seconds as Go prints them: what Docker answers is then word for word what was asked for."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}h{minutes}m{rest}s"
    return f"{minutes}m{rest}s" if minutes else f"{rest}s"
