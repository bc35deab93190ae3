"""One line per thing that happens, with the seconds since the command began."""

import sys
import time

from rich.console import Console

PIPE_WIDTH = 120

console = Console(
    highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else PIPE_WIDTH
)
_began = time.monotonic()


def say(sentence: str, style: str = "") -> None:
    """Print one sentence behind the elapsed seconds; nothing in it is read as markup."""
    elapsed = time.monotonic() - _began
    console.print(f"[dim]{elapsed:6.1f}s[/dim] ", end="")
    console.print(sentence, style=style, markup=False)
    sys.stdout.flush()
