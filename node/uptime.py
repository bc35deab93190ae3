"""The clock that all processes of a host share and that cannot be set: seconds since its boot.

It goes on while the host sleeps, which a monotonic clock does not (CLOCK_BOOTTIME,
clock_gettime(2)). `/proc/uptime` shows it to programs that cannot ask for it, as Java.
"""

import time


def uptime_s() -> float:
    """Seconds since the host's boot, with the time in which it slept."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)
