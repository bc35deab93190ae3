"""`python -m tests.benchmark.erp`: a running stack of the ERP, in mode stock and resilient.

`make up`'s own command brings it to either mode, and at the end to the one of its file.
"""

import os
from typing import Annotated

import typer

from automation.__main__ import main, up
from automation.console import say
from automation.errors import WrongPlatformError
from automation.figures_page import PAGE, write_figures
from automation.paths import ROOT
from automation.stack_state import StateReader
from automation.words import platform_for
from checks.cluster import Cluster
from checks.faults import DockerContainers
from settings.models import Settings
from settings.stack_file import STACK_FOLDER, load_stack
from tests.benchmark.erp.measurements import EFFORT, measure
from tests.benchmark.erp.site import erp_site
from tests.benchmark.measurements import Measured
from tests.benchmark.site import MODES, Mode
from tests.benchmark.table import page_text

PLACE = "cache clear of the ERP"
FEWEST_NODES = 2

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def compare(stack: Annotated[str, typer.Option()]) -> None:
    """Measure both modes and write the page."""
    _must_be_the_erp(stack)
    load = os.getloadavg()[0]
    try:
        stock, resilient = (_measured(stack, mode) for mode in MODES)
    finally:
        up(stack)
    write_figures(PAGE, PLACE, page_text(stock, resilient, load=load))
    say(f"Wrote the figures of the ERP's cache clear to {PAGE}")


def _must_be_the_erp(stack: str) -> None:
    platform_for("erp-cache-clear-bench", stack)
    settings = load_stack(stack, ROOT / STACK_FOLDER)
    if not isinstance(settings, Settings) or not settings.app.runs_the_erp:
        raise WrongPlatformError(
            f"Stack {stack} runs no ERP on this machine: name `scipio:app.home` or `.image` in its "
            "file. For the reference node there is `make cache-clear-bench`."
        )
    if settings.nodes.count < FEWEST_NODES:
        raise WrongPlatformError(
            f"Stack {stack}, scipio:nodes.count: got {settings.nodes.count}; must be "
            f"{FEWEST_NODES} or more, because one node writes and another one hears of it."
        )


def _measured(stack: str, mode: Mode) -> Measured:
    up(stack, [f"cacheClear.mode={mode}"], check=False)
    say(f"Measuring the ERP's cache clear in mode {mode} …")
    reader = StateReader.of(stack, "docker")
    cluster = Cluster.of(reader.outputs(), containers=DockerContainers())
    with erp_site(cluster, reader.administrator_password()) as site:
        return measure(site, EFFORT)


if __name__ == "__main__":
    main(app)
