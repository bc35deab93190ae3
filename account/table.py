"""The findings as people read them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from account.finding import Finding, Verdict

SIGN: Final[Mapping[Verdict, tuple[str, str]]] = {
    "fits": ("✓ fits", "green"),
    "mind": ("! decide", "yellow"),
    "lacks": ("✗ lacks", "bold red"),
    "unknown": ("? not known", "yellow"),
}


def print_findings(title: str, findings: Sequence[Finding], console: Console) -> None:
    """The table, then what to do about each line that does not fit, then the sum."""
    table = Table(title=title, title_justify="left")
    table.add_column("needed", ratio=4)
    table.add_column("verdict", no_wrap=True)
    table.add_column("seen", ratio=6)
    for each in findings:
        words, style = SIGN[each.verdict]
        table.add_row(Text(each.subject), Text(words, style=style), Text(each.seen))
    console.print(table)
    for each in findings:
        if each.remedy:
            words, style = SIGN[each.verdict]
            console.print(Text(f"\n{words[0]} {each.subject}", style=style))
            console.print(Text(each.remedy))
    console.print(Text(f"\n{summary(findings)}"))


def summary(findings: Sequence[Finding]) -> str:
    """One sentence: how many of each."""
    counts = Counter(each.verdict for each in findings)
    parts = [f"{counts['fits']} of {len(findings)} fit"]
    parts += [f"{counts['mind']} to decide"] if counts["mind"] else []
    parts += [f"{counts['unknown']} not known"] if counts["unknown"] else []
    parts += [f"{counts['lacks']} lacking: an update would fail"] if counts["lacks"] else []
    return f"{', '.join(parts)}. Nothing was changed."
