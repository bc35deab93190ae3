"""Runs the ERP's own data loader and judges it by what it says: its exit code is 0 in any case."""

import os
import re
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from node.jvm import JavaCommands
from node.log import Redaction
from node.shortage import not_started
from node.standard_output import ChildOutput, StandardOutput

ERROR_LINE = re.compile(r"\|E\| ")
"""The level mark of framework/base/config/log4j2.xml, `%level{length=1}| `."""
WATCH_EVERY_S = 1.0
END_S = 10
SHOWN_ERRORS = 5


@dataclass(frozen=True)
class LoadResult:
    """What a load left behind, besides rows."""

    exit_code: int
    errors: tuple[str, ...]
    """The first error lines of its output and of error.log."""
    last_lines: tuple[str, ...]
    lock_timed_out: bool
    """A statement was given up because others held its lock: what it was to do is not done."""


class Loader(Protocol):
    """Loads data into the database of the overlay."""

    def load(
        self,
        arguments: Sequence[str],
        *,
        watch: Callable[[], None],
        lock_timeout_message: str | None = None,
    ) -> LoadResult:
        """Runs to its end; `watch` is called every second and ends the load by raising.

        `lock_timeout_message` is the database's, which the ERP logs with the statement that failed.
        """
        ...


class JavaLoader:
    """`java … -jar <jar> load-data …` in the tree, its output passed on line by line."""

    def __init__(
        self,
        commands: JavaCommands,
        *,
        home: Path,
        system_properties: Path,
        output: StandardOutput,
        redact: Redaction,
    ) -> None:
        self._commands = commands
        self._home = home
        self._system_properties = system_properties
        self._output = output
        self._redact = redact

    def load(
        self,
        arguments: Sequence[str],
        *,
        watch: Callable[[], None],
        lock_timeout_message: str | None = None,
    ) -> LoadResult:
        error_log = _GrowingFile(self._home / "runtime" / "logs" / "error.log")
        errors: list[str] = []
        lock_timeouts: list[str] = []

        def note_error(line: str) -> None:
            if lock_timeout_message is not None and lock_timeout_message in line:
                lock_timeouts.append(line)
            if ERROR_LINE.search(line) and len(errors) < SHOWN_ERRORS:
                errors.append(self._redact(line.rstrip()))

        output = ChildOutput(self._output, change=self._redact, see=note_error)
        process = self._start(arguments)
        assert process.stdout is not None
        output.follow(os.dup(process.stdout.fileno()))
        process.stdout.close()
        try:
            exit_code = _watched_end(process, watch)
        finally:
            _end(process)
            output.finish(END_S)
        logged = (self._redact(line) for line in error_log.new_lines())
        return LoadResult(
            exit_code,
            (*errors, *logged)[:SHOWN_ERRORS],
            output.last_lines(),
            lock_timed_out=bool(lock_timeouts),
        )

    def _start(self, arguments: Sequence[str]) -> "subprocess.Popen[bytes]":
        command = self._commands.loader(self._system_properties, *arguments)
        try:
            return subprocess.Popen(
                # A loader never outlives the preparation: the lock that guards it would be gone.
                ["setpriv", "--pdeathsig", "KILL", "--", *command],
                cwd=self._home,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
        except OSError as error:
            raise not_started(command, error, self._home) from error


def _watched_end(process: "subprocess.Popen[bytes]", watch: Callable[[], None]) -> int:
    while True:
        try:
            return process.wait(WATCH_EVERY_S)
        except subprocess.TimeoutExpired:
            watch()


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class _GrowingFile:
    """What is appended to a log file from now on, also across a rotation."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._size = path.stat().st_size if path.exists() else 0

    def new_lines(self) -> tuple[str, ...]:
        if not self._path.exists():
            return ()
        with self._path.open(encoding="utf-8", errors="replace") as file:
            if self._path.stat().st_size >= self._size:
                file.seek(self._size)
            return tuple(line.rstrip() for line in file if line.strip())
