"""What a node finds when it looks around from inside its container, as a table or as JSON."""

from collections import Counter
from typing import Annotated, Literal

from pydantic import Field

from contract.check_report import Verdict
from contract.model import Contract
from contract.names import InstanceId, NodeRole


class InsideResult(Contract):
    """One thing that was looked at. `advice` says what to do, and is empty when nothing is."""

    name: str
    verdict: Verdict
    evidence: str
    advice: str = ""
    figures: Annotated[dict[str, float], Field(default_factory=dict)]
    """Measured values, unit in the key: `skew_ms`, `free_mib`."""


class InsideReport(Contract):
    """One look of one node; `observed_at` is Unix time in seconds by the node's own clock."""

    report_version: Literal[1] = 1
    cluster: str
    instance_id: InstanceId
    role: NodeRole
    observed_at: float
    results: tuple[InsideResult, ...]

    @property
    def passed(self) -> bool:
        return all(result.verdict != "fail" for result in self.results)

    def sum(self) -> str:
        """How many lines have which verdict, in words."""
        found = Counter(result.verdict for result in self.results)
        return (
            f"{found['pass']} of {len(self.results)} as they must be, {found['fail']} not, "
            f"{found['skip']} not tried"
        )
