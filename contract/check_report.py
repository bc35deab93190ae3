"""The result of checks, for people as a table and for machines as JSON."""

from typing import Annotated, Literal

from pydantic import Field

from contract.model import Contract

Verdict = Literal["pass", "fail", "skip"]


class CheckResult(Contract):
    """One promise and whether it held. `evidence` says what was seen, also when it held."""

    name: str
    promise: str
    verdict: Verdict
    seconds: float
    evidence: str
    figures: Annotated[dict[str, float], Field(default_factory=dict)]
    """Measured values, unit in the key: `median_ms`, `p99_ms`."""


class CheckReport(Contract):
    """All checks of one run against one cluster."""

    report_version: Literal[1] = 1
    cluster: str
    results: tuple[CheckResult, ...]

    @property
    def passed(self) -> bool:
        return all(result.verdict != "fail" for result in self.results)
