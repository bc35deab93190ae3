"""What is known of the colours of a stack: who gets new visitors, and whether one is left."""

from collections.abc import Mapping
from typing import Any

from rich.table import Table
from rich.text import Text

from automation.console import console
from release.colour_use import use_of
from release.errors import ReleaseError


def show(stack: str, colours: Mapping[str, Any]) -> None:
    """A row for each colour of the output `colours`; its use is asked for now."""
    table = Table(title=f"Colours of {stack}", title_justify="left")
    for column in ("colour", "of new visitors", "use", "may it go"):
        table.add_column(column)
    total = sum(float(each["weight"]) for each in colours.values()) or 1
    for colour, known in sorted(colours.items()):
        share = float(known["weight"]) / total
        use, verdict = _use(colour, known, share)
        table.add_row(colour, f"{share:.0%}", Text(use), Text(verdict))
    console.print(table)


def _use(colour: str, known: Mapping[str, Any], share: float) -> tuple[str, str]:
    stickiness_s = float(known["stickinessS"])
    try:
        use = use_of(colour, known["place"], stickiness_s)
    except ReleaseError as error:
        return f"cannot be seen: {error}", "unknown"
    if share:
        return str(use), "no: it gets new visitors"
    if use.is_left(stickiness_s):
        return str(use), "yes"
    left_min = (stickiness_s - use.unused_s) / 60
    return str(use), f"no: in {left_min:.0f} min, if no visitor of it comes back until then"
