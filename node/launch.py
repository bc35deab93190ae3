"""What `prepare` leaves for PID 1: how to start the JVM, where to ask it, how long to wait."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from node.private_file import write_private


@dataclass(frozen=True, kw_only=True)
class Launch:
    """Plain values; nothing in it is secret. Times are in seconds."""

    command: tuple[str, ...]
    folder: str
    companion: tuple[str, ...]
    """What runs beside the JVM and shows the other nodes that this one lives; empty for none."""
    http_port: int
    """Where visitors are served, and the first page is asked for."""
    health_port: int
    health_path: str
    warm_up_page: str | None
    """Asked for once before visitors come; None in a role that none visit."""
    warm_up_s: float
    """How long that page may take."""
    sign_port: int
    """Where the balancer asks for the node's sign."""
    awaits_subscription: bool
    """The cluster's component in the JVM says when it is subscribed to the topic."""
    boot_timeout_s: float
    stop_timeout_s: float
    drain_timeout_s: float
    silence_timeout_s: float
    pool_stuck_s: float
    subscription_wait_s: float
    parting_s: float
    """How long before the JVM's end the balancer shall send nothing more."""


def write_launch(path: Path, launch: Launch) -> None:
    """The last step of a preparation: while this file is missing, nothing may be started."""
    write_private(path, json.dumps(asdict(launch)).encode())


def read_launch(path: Path) -> Launch:
    """What the preparation that just ended with exit code 0 has written."""
    plain = json.loads(path.read_text(encoding="utf-8"))
    lists = {key: tuple(plain[key]) for key in ("command", "companion")}
    return Launch(**{**plain, **lists})
