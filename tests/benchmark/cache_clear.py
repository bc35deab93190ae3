"""`python -m tests.benchmark.cache_clear`: stock and resilient side by side, into the page.

It lives with the tests because it runs on their servers.
"""

import os
import tempfile
from pathlib import Path

from automation.console import say
from automation.figures_page import PAGE, write_figures
from tests.benchmark.measurements import Effort, Measured, measure
from tests.benchmark.site import MODES, Mode, running_site
from tests.benchmark.table import page_text
from tests.support.postgres import PostgresServer

PLACE = "cache clear"


def compare(effort: Effort) -> tuple[Measured, Measured]:
    """Mode stock, mode resilient."""
    with tempfile.TemporaryDirectory(prefix="cache-clear-bench-") as folder, PostgresServer() as db:
        stock, resilient = (_measured(Path(folder) / mode, db, mode, effort) for mode in MODES)
        return stock, resilient


def _measured(folder: Path, postgres: PostgresServer, mode: Mode, effort: Effort) -> Measured:
    say(f"Measuring the cache clear in mode {mode} …")
    with running_site(folder, postgres, mode) as site:
        return measure(site, effort)


if __name__ == "__main__":
    before = os.getloadavg()[0]
    write_figures(PAGE, PLACE, page_text(*compare(Effort()), load=before))
    say(f"Wrote the figures of the cache clear to {PAGE}")
