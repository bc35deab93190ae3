"""A report as people read it."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from contract.check_report import CheckReport, CheckResult, Verdict

SIGN: dict[Verdict, tuple[str, str]] = {
    "pass": ("✓ holds", "green"),
    "fail": ("✗ broken", "bold red"),
    "skip": ("– skipped", "yellow"),
}


def print_report(report: CheckReport, console: Console) -> None:
    """The table, then the whole evidence of all that does not hold, then one line of sum."""
    table = Table(title=f"Cluster {report.cluster}", title_justify="left")
    table.add_column("promise", ratio=4)
    table.add_column("verdict", no_wrap=True)
    table.add_column("s", justify="right", no_wrap=True)
    table.add_column("seen", ratio=5)
    for result in report.results:
        table.add_row(
            Text(result.promise), _sign(result), f"{result.seconds:.1f}", Text(_short(result))
        )
    console.print(table)
    for result in report.results:
        if result.verdict == "fail":
            console.print(Text(f"\n✗ {result.name}: {result.promise}", style="bold red"))
            console.print(Text(result.evidence))
    console.print(_sum(report))


def _sign(result: CheckResult) -> Text:
    words, style = SIGN[result.verdict]
    return Text(words, style=style)


def _short(result: CheckResult) -> str:
    first, _, more = result.evidence.partition("\n")
    limit = 160
    return f"{first[:limit].rstrip()} …" if more or len(first) > limit else first


def _sum(report: CheckReport) -> Text:
    counts = {verdict: sum(r.verdict == verdict for r in report.results) for verdict in SIGN}
    parts = [f"{counts['pass']} of {len(report.results)} promises hold"]
    if counts["fail"]:
        parts.append(f"{counts['fail']} broken")
    if counts["skip"]:
        parts.append(f"{counts['skip']} not tried")
    return Text(", ".join(parts) + ".", style="green" if report.passed else "bold red")
