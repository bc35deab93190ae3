"""When a container gives up a TCP connection whose peer says nothing any more.

A host that vanishes sends neither FIN nor RST. With the kernel's defaults a thread that reads from
it waits for two hours, and one that writes for a quarter of an hour. These settings belong to the
network namespace of a container, so they hold for every connection of every process in it, the
JVM's pool and the loader's included. A peer that lives answers keepalive probes in its kernel, so a
statement may run as long as it likes.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

KEEPALIVE_IDLE_S: Final = 10
KEEPALIVE_INTERVAL_S: Final = 5
KEEPALIVE_PROBES: Final = 3
RETRIES: Final = 5
"""Of a packet that is not confirmed: 12.6 s at the shortest retransmission time-out (200 ms), which
doubles with each one."""

SYSCTLS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "net.ipv4.tcp_keepalive_time": str(KEEPALIVE_IDLE_S),
        "net.ipv4.tcp_keepalive_intvl": str(KEEPALIVE_INTERVAL_S),
        "net.ipv4.tcp_keepalive_probes": str(KEEPALIVE_PROBES),
        "net.ipv4.tcp_retries2": str(RETRIES),
    }
)
"""As `docker run --sysctl` takes them; they hold for IPv6 too."""

SILENT_PEER_S: Final = KEEPALIVE_IDLE_S + KEEPALIVE_PROBES * KEEPALIVE_INTERVAL_S
"""After so long a thread that waits for an answer gets an error instead."""
