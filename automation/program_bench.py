"""How long the program takes to load, and a preview of production on AWS from its first word on."""

import os
import statistics
import subprocess
import time
from collections.abc import Sequence

from automation.console import say
from automation.errors import CommandFailedError
from automation.figures_page import PAGE, measured, write_figures
from automation.paths import PYTHON, ROOT

ROUNDS = 5
IMPORT = "import components.program, components.aws.platform"
PREVIEW = ("make", "--silent", "preview", "STACK=prod")


def run() -> None:
    """Measure both and write them to docs/performance.md."""
    load, *_ = os.getloadavg()
    say(f"Measuring the program's import and `make preview STACK=prod`, {ROUNDS} times …")
    rows = [
        ("import of the program", _median((str(PYTHON), "-c", IMPORT)), "< 1 s"),
        ("`make preview STACK=prod`", _median(PREVIEW), "< 10 s on two cores"),
    ]
    began = f"{measured(load)}; median of {ROUNDS}."
    table = ["| what | figure | goal |", "|---|---|---|"]
    table += [f"| {what} | {seconds:.1f} s | {goal} |" for what, seconds, goal in rows]
    write_figures(PAGE, "program", "\n".join([began, "", *table]))
    say(f"Wrote {len(rows)} figures to {PAGE.relative_to(ROOT)}")


def _median(command: Sequence[str]) -> float:
    """Seconds of the clock, a new process each time. Raises CommandFailedError."""
    return statistics.median(_seconds(command) for _ in range(ROUNDS))


def _seconds(command: Sequence[str]) -> float:
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        raise CommandFailedError(
            f"`{' '.join(command)}` failed while measuring; run it by itself to see why."
        )
    return time.monotonic() - began
