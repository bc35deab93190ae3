"""Every promise holds on the running cluster, also while a broker and a node are killed."""

import pytest

from checks.run import CHECKS, run_checks
from contract.check_report import CheckReport
from contract.stack_outputs import StackOutputs

pytestmark = pytest.mark.cluster


@pytest.fixture(scope="module")
def report(outputs: StackOutputs) -> CheckReport:
    """One run of all checks, with faults, and nothing skipped."""
    return run_checks(outputs, faults=True, no_skip=True)


@pytest.mark.parametrize("name", [check.name for check in CHECKS])
def test_the_promise_holds(report: CheckReport, name: str) -> None:
    [result] = [result for result in report.results if result.name == name]
    assert result.verdict == "pass", result.evidence
