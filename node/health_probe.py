"""Does the JVM serve? Asked as the balancer asks."""

from node.own_page import NoAnswerError, status_of

TIMEOUT_S = 2.0


def serves(port: int, path: str, *, timeout_s: float = TIMEOUT_S) -> bool:
    """`GET path` on 127.0.0.1 is answered with 200 in time."""
    try:
        return status_of(port, path, limit_s=timeout_s) == 200
    except (OSError, NoAnswerError):
        return False
