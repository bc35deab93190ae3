"""The children that PID 1 looks after, and the orphans that the kernel gives it."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from node.errors import NotNowError
from node.shortage import not_started
from node.standard_output import ChildOutput


class Child:
    """A process in a session of its own. Only `Reaper` waits for it."""

    def __init__(
        self, command: Sequence[str], *, folder: Path | None = None, output: ChildOutput | None
    ) -> None:
        """Without `output` it inherits ours.

        Raises ConfigurationError when it cannot be started, NotNowError when it cannot now.
        """
        self.output = output
        try:
            self._process = subprocess.Popen(
                list(command),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=None if output is None else subprocess.PIPE,
                stderr=None if output is None else subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise not_started(command, error, folder) from error
        if output is not None and self._process.stdout is not None:
            self._follow(output, self._process.stdout)

    def _follow(self, output: ChildOutput, pipe: IO[bytes]) -> None:
        """A child whose output is not read would stand still at a full pipe, so it ends."""
        try:
            output.follow(os.dup(pipe.fileno()))
        except (OSError, RuntimeError) as error:
            self.kill_session()
            raise NotNowError(f"The child's output cannot be followed: {error}.") from error
        finally:
            pipe.close()

    @property
    def pid(self) -> int:
        return self._process.pid

    def send(self, sent: signal.Signals) -> None:
        """To the process alone; nothing happens when it is gone."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, sent)

    def kill_session(self) -> None:
        """SIGKILL for it and for whatever it started and left behind."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    @property
    def exit_code(self) -> int | None:
        """`128 + signal` when one ended it; None while it runs."""
        return self._process.returncode

    def ended(self, exit_code: int) -> None:
        """The reaper says so: its pid means nothing any more."""
        self._process.returncode = exit_code


class Reaper:
    """Collects every process that ended, so that none stays as a zombie."""

    def __init__(self) -> None:
        self.orphans = 0
        """How many processes were collected that this agent had not started."""

    def collect(self, children: Sequence[Child]) -> None:
        """Each child that has ended knows its exit code afterwards."""
        while (ended := _next_ended()) is not None:
            pid, status = ended
            ours = [child for child in children if child.pid == pid and child.exit_code is None]
            self.orphans += not ours
            for child in ours:
                code = os.waitstatus_to_exitcode(status)
                child.ended(code if code >= 0 else 128 - code)


def _next_ended() -> tuple[int, int] | None:
    try:
        pid, status = os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return None
    return (pid, status) if pid else None
