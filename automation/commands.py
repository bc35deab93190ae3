"""Run other programs so that a person sees them work and learns why they failed."""

import os
import subprocess
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path

from automation.console import say
from automation.errors import CommandFailedError

TAIL_LINES = 25


def run(
    command: Sequence[str],
    *,
    doing: str,
    advice: str,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    show: bool = False,
) -> str:
    """Run `command` to its end and return what it printed.

    `doing` names the step for people and `advice` says what to do when it fails; with `show`
    each line is printed as it comes. Raises `CommandFailedError` with the last lines.
    """
    say(f"{doing} …")
    lines: deque[str] = deque(maxlen=None)
    with subprocess.Popen(
        command,
        cwd=cwd,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line.rstrip())
            if show:
                say(f"  {line.rstrip()}", style="dim")
    if process.returncode != 0:
        tail = "\n".join(f"    {line}" for line in list(lines)[-TAIL_LINES:])
        raise CommandFailedError(
            f"{doing} failed: `{' '.join(command)}` ended with code {process.returncode}.\n"
            f"{tail}\n{advice}"
        )
    return "\n".join(lines)


def answer(command: Sequence[str], *, timeout_s: float = 20) -> str | None:
    """What `command` prints when it succeeds within `timeout_s`; None when it does not."""
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=timeout_s,
            check=False,
        )
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
