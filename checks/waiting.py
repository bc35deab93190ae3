"""Waiting for something to come true, with an end."""

import time
from collections.abc import Callable

POLL_S = 0.05


def seconds_until(true: Callable[[], bool], *, within_s: float, poll_s: float = POLL_S) -> float:
    """Asks again and again until `true()` holds; returns the seconds that took.

    Raises TimeoutError after `within_s`. The caller knows what it waited for and says so.
    """
    started = time.monotonic()
    while not true():
        passed_s = time.monotonic() - started
        if passed_s > within_s:
            raise TimeoutError(f"not so after {within_s:g} s")
        time.sleep(poll_s)
    return time.monotonic() - started
