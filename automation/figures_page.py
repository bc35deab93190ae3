"""docs/performance.md: figures between markers, and what people wrote around them."""

import os
import platform
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from automation.paths import ROOT

PAGE = ROOT / "docs" / "performance.md"


class FiguresPageError(Exception):
    """The page has no place for the figures."""


def write_figures(page: Path, place: str, text: str) -> None:
    """`text` stands between the markers of `place`; all else on the page is as before.

    Raises FiguresPageError when a marker is not there.
    """
    begin, end = f"<!-- {place}: begin -->", f"<!-- {place}: end -->"
    written = page.read_text(encoding="utf-8")
    before, found, rest = written.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise FiguresPageError(f"{page}: must hold {begin} and after it {end}; write them there")
    page.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")


def measured(load: float) -> str:
    """How the text of figures begins; `load` is the machine's average before they were taken."""
    return (
        f"Measured {datetime.now(tz=UTC):%Y-%m-%d} on {machine()}, load average {load:.1f} before"
    )


def machine() -> str:
    """What the figures were measured on."""
    memory = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text(encoding="utf-8"))
    gib = int(memory[1]) / 1024**2 if memory else 0
    return (
        f"{os.cpu_count()} cores, {gib:.0f} GiB, {platform.system()} {platform.machine()}, "
        f"Python {sys.version.split()[0]}"
    )
