"""`python -m checks`, and the table it prints."""

import io
import json
from pathlib import Path

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner, Result

from checks.__main__ import main
from checks.cache_clear import percentile
from checks.table import print_report
from contract.check_report import CheckReport, CheckResult
from tests.checks.fake_cluster import Behaviour
from tests.checks.fake_servers import served


def run_command(*arguments: str, stdin: str | None = None) -> Result:
    app = typer.Typer()
    app.command()(main)
    return CliRunner().invoke(app, list(arguments), input=stdin)


def test_a_good_cluster_is_exit_code_0_and_json_for_machines(tmp_path: Path) -> None:
    with served(tmp_path, Behaviour()) as found:
        outputs = found.outputs.model_dump_json()
        result = run_command("--outputs", "-", "--json", "--only", "tls", stdin=outputs)
    assert result.exit_code == 0
    report = CheckReport.model_validate_json(result.stdout)
    assert [(r.name, r.verdict) for r in report.results] == [
        ("tls.verified", "pass"),
        ("tls.redirect", "pass"),
    ]
    assert "reportVersion" in json.loads(result.stdout)


def test_a_broken_promise_is_exit_code_1_and_its_evidence_is_printed(tmp_path: Path) -> None:
    with served(tmp_path, Behaviour(redirect_status=302)) as found:
        file = tmp_path / "outputs.json"
        file.write_text(found.outputs.model_dump_json())
        result = run_command("--outputs", str(file), "--only", "tls.redirect")
    assert result.exit_code == 1
    assert "✗ broken" in result.stdout
    assert "302" in result.stdout
    assert "0 of 1 promises hold, 1 broken." in result.stdout


@pytest.mark.parametrize(
    ("arguments", "stdin", "message"),
    [
        (["--outputs", "/nowhere.json"], None, "/nowhere.json: No such file"),
        (["--outputs", "-"], "no json", "whole text: Invalid JSON"),
        (["--outputs", "-"], "{}", "nodes: Field required"),
    ],
)
def test_bad_outputs_are_one_message_and_exit_code_2(
    arguments: list[str], stdin: str | None, message: str
) -> None:
    result = run_command(*arguments, stdin=stdin)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "pulumi stack output cluster --json" in result.stderr


def test_an_unknown_check_is_exit_code_2(tmp_path: Path) -> None:
    with served(tmp_path, Behaviour()) as found:
        outputs = found.outputs.model_dump_json()
    result = run_command("--outputs", "-", "--only", "tsl", stdin=outputs)
    assert result.exit_code == 2
    assert "only: got 'tsl'; must be a check's name or theme" in result.stderr


def test_the_table_shows_the_whole_evidence_of_what_broke_and_no_markup_of_its_own() -> None:
    def result(name: str, verdict: str, evidence: str) -> CheckResult:
        return CheckResult.model_validate(
            {
                "name": name,
                "promise": f"promise of {name}",
                "verdict": verdict,
                "seconds": 0.5,
                "evidence": evidence,
            }
        )

    report = CheckReport(
        cluster="local",
        results=(
            result("a.held", "pass", "seen"),
            result("a.broken", "fail", "first line [red]\nsecond line"),
            result("a.skipped", "skip", "no such thing"),
        ),
    )
    printed = io.StringIO()
    print_report(report, Console(file=printed, width=120, force_terminal=False))
    text = printed.getvalue()
    assert "first line [red]\nsecond line" in text
    assert "1 of 3 promises hold, 1 broken, 1 not tried." in text


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [([5.0], 99, 5.0), ([1.0, 2.0, 3.0, 4.0], 50, 2.0), (list(map(float, range(100))), 99, 98.0)],
)
def test_a_percentile_is_a_value_that_was_measured(
    values: list[float], percent: int, expected: float
) -> None:
    assert percentile(values, percent) == expected
