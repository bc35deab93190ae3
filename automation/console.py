"""One line per thing that happens, with the seconds since the command began."""

import os
import sys
import time

from rich.console import Console

PIPE_WIDTH = 120


class WorkConsole(Console):
    """Goes on in silence when its reader is gone (`make up | head`).

    An update that ends because its terminal is gone would leave its work half done.
    """

    def on_broken_pipe(self) -> None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.file.fileno())
        os.close(nowhere)


console = WorkConsole(
    highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else PIPE_WIDTH
)
_began = time.monotonic()


def say(sentence: str, style: str = "") -> None:
    """Print one sentence behind the elapsed seconds; nothing in it is read as markup."""
    elapsed = time.monotonic() - _began
    console.print(f"[dim]{elapsed:6.1f}s[/dim] ", end="")
    console.print(sentence, style=style, markup=False)
