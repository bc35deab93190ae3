"""One process that a test owns: started, asked "can it be used?", ended by its own pid."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

POLL_S = 0.05
LOG_TAIL_LINES = 25
SLOWNESS = float(os.environ.get("TEST_SLOWNESS", "1"))
"""Multiplies every limit, for slow machines."""


class ServerError(Exception):
    """A server of the tests did not do what it was told; the message has the end of its log."""


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(
    what: str, true: Callable[[], bool], *, within_s: float, every_s: float = POLL_S
) -> float:
    """Waits until `true()` holds, asking every so often; returns the seconds it took.

    Raises ServerError that names `what` and the seconds when it does not come true in time.
    """
    started = time.monotonic()
    limit_s = within_s * SLOWNESS
    while not true():
        if time.monotonic() - started > limit_s:
            raise ServerError(f"{what}: not so after {limit_s:g} s")
        time.sleep(every_s)
    return time.monotonic() - started


class ServerProcess:
    """A child process with its own log file. Not usable again after it ended: make a new one."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
        user: str | None = None,
    ) -> None:
        self.name = name
        self.log = log
        with log.open("ab") as output:
            self._child = subprocess.Popen(
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(environment) if environment is not None else None,
                cwd=folder,
                user=user,
                group=user,
                extra_groups=[] if user else None,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs; `128 + n` when signal n ended it, as a shell would say."""
        code = self._child.poll()
        return code if code is None or code >= 0 else 128 - code

    def wait_until_usable(self, usable: Callable[[], bool], *, within_s: float) -> float:
        """Waits until `usable()`; returns seconds. ServerError if it ends or the time does."""
        started = time.monotonic()
        limit_s = within_s * SLOWNESS
        while not usable():
            elapsed_s = time.monotonic() - started
            if self.exit_code is not None:
                raise self._failure(f"ended with {self.exit_code} after {elapsed_s:.1f} s")
            if elapsed_s > limit_s:
                raise self._failure(f"not usable after {elapsed_s:.1f} s")
            time.sleep(POLL_S)
        return time.monotonic() - started

    def send(self, sent: signal.Signals) -> None:
        """Sends one signal to this process alone; nothing happens when it is gone."""
        with contextlib.suppress(ProcessLookupError):
            if self._child.poll() is None:
                os.kill(self._child.pid, sent)

    def end(self, sent: signal.Signals = signal.SIGTERM, *, within_s: float = 20) -> int:
        """Sends `sent` and waits; SIGKILL and ServerError when it does not obey in time."""
        self.send(signal.SIGCONT)
        self.send(sent)
        return self.wait_for_exit(within_s=within_s)

    def wait_for_exit(self, *, within_s: float) -> int:
        """Waits for the end it comes to by itself and returns its exit code."""
        limit_s = within_s * SLOWNESS
        try:
            self._child.wait(limit_s)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
            raise self._failure(f"did not end within {limit_s:g} s, killed") from None
        code = self.exit_code
        assert code is not None
        return code

    def log_text(self) -> str:
        return self.log.read_text(errors="replace")

    def last_words(self) -> str:
        """Whether it runs or how it ended, and the end of its log: for the report of a test."""
        code = self.exit_code
        return self._told("runs" if code is None else f"ended with {code}")

    def _failure(self, what: str) -> ServerError:
        return ServerError(self._told(what))

    def _told(self, what: str) -> str:
        tail = "\n".join(self.log_text().splitlines()[-LOG_TAIL_LINES:])
        return f"{self.name} (pid {self.pid}): {what}; end of {self.log}:\n{tail}"
