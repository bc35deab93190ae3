"""A run: what is chosen, what is skipped, what counts."""

import ast
from pathlib import Path

import pytest

import checks
from checks.check import Check
from checks.run import CHECKS, UnknownCheckError, choose, run_checks
from contract.routing import Maintenance
from contract.stack_outputs import StackOutputs
from tests.checks.fake_cluster import Behaviour
from tests.checks.fake_servers import served
from tests.checks.test_checks import IMPATIENT


@pytest.fixture
def outputs(tmp_path: Path) -> StackOutputs:
    """Outputs of a cluster that was there a moment ago."""
    with served(tmp_path, Behaviour()) as found:
        return found.outputs


def test_names_are_unique_and_begin_with_their_module() -> None:
    assert len({check.name for check in CHECKS}) == len(CHECKS)
    for check in CHECKS:
        assert check.trial.__module__ == f"checks.{check.theme}"


def test_every_check_that_is_written_is_run() -> None:
    """A decorated function that the list of checks forgot would never be tried."""
    written = 0
    for file in Path(checks.__file__).parent.glob("*.py"):
        for item in ast.walk(ast.parse(file.read_text())):
            if isinstance(item, ast.FunctionDef):
                written += any("check(" in ast.unparse(d) for d in item.decorator_list)
    assert written == len(CHECKS)


def test_a_theme_chooses_all_its_checks_in_order() -> None:
    assert [c.name for c in choose(["tls", "sessions.kept"], faults=False)] == [
        "tls.verified",
        "tls.redirect",
        "sessions.kept",
    ]


def test_a_misspelt_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownCheckError, match=r"got 'sesions\.kept'.*sessions\.kept"):
        choose(["sesions.kept"], faults=False)


def test_a_fault_must_be_asked_for_twice() -> None:
    with pytest.raises(UnknownCheckError, match="together with --faults"):
        choose(["faults.broker"], faults=False)


def test_an_unknown_name_is_refused_before_anything_is_tried(outputs: StackOutputs) -> None:
    tried: list[Check] = []
    with pytest.raises(UnknownCheckError):
        run_checks(outputs, faults=False, only=["nothing"], before_each=tried.append)
    assert tried == []


def test_a_cluster_that_is_gone_fails_with_the_reason(outputs: StackOutputs) -> None:
    report = run_checks(outputs, faults=False, limits=IMPATIENT)
    assert not report.passed
    held = {result.name for result in report.results if result.verdict == "pass"}
    assert held == {"nodes.named"}
    assert "refused" in report.results[0].evidence


def test_reference_pages_are_not_asked_of_the_erp(
    outputs: StackOutputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)
    erp = outputs.model_copy(update={"implementation": "scipio"})
    [result] = run_checks(erp, faults=False, only=["cache_clear.fresh"]).results
    assert result.verdict == "skip"
    assert "only the reference node" in result.evidence


@pytest.mark.parametrize(
    ("ci", "no_skip", "verdict"),
    [("true", None, "fail"), ("", None, "skip"), ("", True, "fail"), ("true", False, "skip")],
)
def test_a_skip_fails_where_skipping_is_not_allowed(
    outputs: StackOutputs,
    monkeypatch: pytest.MonkeyPatch,
    ci: str,
    no_skip: bool | None,
    verdict: str,
) -> None:
    monkeypatch.setenv("CI", ci)
    erp = outputs.model_copy(update={"implementation": "scipio"})
    report = run_checks(erp, faults=False, only=["cache_clear.fresh"], no_skip=no_skip)
    assert report.results[0].verdict == verdict
    assert report.passed == (verdict == "skip")


def test_faults_on_a_platform_without_containers_are_skipped(outputs: StackOutputs) -> None:
    aws = outputs.model_copy(update={"platform": "aws"})
    report = run_checks(aws, faults=True, only=["faults"], no_skip=False)
    assert {result.verdict for result in report.results} == {"skip"}
    assert "aws" in report.results[0].evidence


def test_a_proxy_in_the_environment_is_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would answer in the cluster's place."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with served(tmp_path, Behaviour()) as found:
        report = run_checks(found.outputs, faults=False, only=["tls", "routing.root"])
    assert report.passed


def test_where_no_node_is_listed_nothing_is_held_against_the_list(outputs: StackOutputs) -> None:
    """As on AWS: each of those would hold of no node at all, or could not be tried."""
    offered = choose([], faults=False, nodes_are_listed=False)
    left_out = {each.name for each in choose([], faults=False) if each not in offered}
    assert left_out == {
        "nodes.healthy",
        "nodes.named",
        "nodes.reached",
        "nodes.subscribed",
        "sessions.spread",
        "sessions.private",
        "cache_clear.fresh",
        "inside.nodes",
        "inside.subscribers",
        "inside.heard",
    }
    aws = outputs.model_copy(update={"platform": "aws", "nodes": ()})
    with pytest.raises(UnknownCheckError, match=r"'nodes\.named' needs a list of nodes"):
        run_checks(aws, faults=False, only=["nodes.named"])


def test_in_maintenance_no_promise_is_tried(outputs: StackOutputs) -> None:
    page = Maintenance(page="<p>Soon.</p>")
    quiet = outputs.routing.model_copy(update={"maintenance": page})
    report = run_checks(
        outputs.model_copy(update={"routing": quiet}), faults=False, no_skip=False, limits=IMPATIENT
    )
    assert {each.verdict for each in report.results} == {"skip"}
    assert "balancer.maintenance is set" in report.results[0].evidence
