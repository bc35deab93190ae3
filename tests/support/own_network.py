"""A network of a test's own: loopback alone, with kernel settings that no other process sees.

What the container of a node has by `--sysctl`, for processes that are started without a container.
Needs root.
"""

import contextlib
import ctypes
import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

CLONE_NEWNET = 0x40000000


@contextlib.contextmanager
def own_network(sysctls: Mapping[str, str]) -> Iterator[None]:
    """While entered, this thread and every process that it starts live in a new network."""
    before = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    libc = ctypes.CDLL(None, use_errno=True)
    try:
        _succeed(libc.unshare(CLONE_NEWNET))
        try:
            subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
            for name, value in sysctls.items():
                Path("/proc/sys", *name.split(".")).write_text(value)
            yield
        finally:
            _succeed(libc.setns(before, CLONE_NEWNET))
    finally:
        os.close(before)


def _succeed(result: int) -> None:
    if result != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
