"""The three ways a line can end."""

from contract.inside_report import InsideResult


def passed(name: str, evidence: str, **figures: float) -> InsideResult:
    """It is as it must be."""
    return InsideResult(name=name, verdict="pass", evidence=evidence, figures=figures)


def failed(name: str, evidence: str, advice: str, **figures: float) -> InsideResult:
    """It is not; `advice` is one sentence on what to do."""
    return InsideResult(
        name=name, verdict="fail", evidence=evidence, advice=advice, figures=figures
    )


def skipped(name: str, reason: str) -> InsideResult:
    """It was not tried, and why."""
    return InsideResult(name=name, verdict="skip", evidence=f"not tried: {reason}", figures={})
