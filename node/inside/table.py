"""A report as people read it on a plain terminal."""

from contract.check_report import Verdict
from contract.inside_report import InsideReport, InsideResult

SIGN: dict[Verdict, str] = {"pass": "ok", "fail": "FAILS", "skip": "-"}


def as_table(report: InsideReport) -> str:
    """One line a result, what to do below those that fail, and the sum."""
    names = max(len(result.name) for result in report.results)
    signs = max(map(len, SIGN.values()))
    lines = [f"Node {report.instance_id} of cluster {report.cluster}", ""]
    for result in report.results:
        lines += _lines(result, names, signs)
    return "\n".join([*lines, "", f"{report.sum()}."])


def _lines(result: InsideResult, names: int, signs: int) -> list[str]:
    line = f"{SIGN[result.verdict]:<{signs}}  {result.name:<{names}}  {result.evidence}"
    return [line, f"{'':<{signs + names + 4}}-> {result.advice}"] if result.advice else [line]
