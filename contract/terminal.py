"""What a terminal's character set lacks is printed as `?`, and never ends a command."""

import io
import sys
from collections.abc import Iterable
from typing import TextIO


def replace_what_cannot_be_shown(streams: Iterable[TextIO] | None = None) -> None:
    """Standard output and error, or `streams`, take every text, whatever their encoding."""
    for stream in (sys.stdout, sys.stderr) if streams is None else streams:
        # A test's or a caller's own stream takes what it likes.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
