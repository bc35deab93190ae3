"""PID 1 imports the standard library alone, and of it nothing large."""

import subprocess
import sys
from pathlib import Path

HEAVY = ("pydantic", "lxml", "jinja2", "psycopg", "contract", "templates", "http.client", "ssl")
NAME_THE_HEAVY = f"print(*[name for name in {HEAVY!r} if name in sys.modules])"


def told_by(script: str) -> list[str]:
    """The words that a fresh interpreter prints."""
    project = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-c", script]
    ended = subprocess.run(command, cwd=project, capture_output=True, text=True, check=True)
    return ended.stdout.split()


def test_nothing_heavy_comes_with_run() -> None:
    """What it imports stays in memory as long as the JVM runs."""
    assert told_by(f"import sys, node.run\n{NAME_THE_HEAVY}") == []


def test_a_check_offers_itself_to_the_kernel_before_it_takes_memory() -> None:
    """In a container that is full it is killed, and not the JVM."""
    script = f"""
import sys, node.__main__, node.first_to_die
from pathlib import Path
def at_that_moment(offer=node.first_to_die.die_first):
    offer()
    print(Path("/proc/self/oom_score_adj").read_text())
    {NAME_THE_HEAVY}
    raise SystemExit
node.first_to_die.die_first = at_that_moment
node.__main__.main(["check"])
"""
    assert told_by(script) == ["1000"]
