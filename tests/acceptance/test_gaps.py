"""What needs no Terraform: whom a gap concerns, and the word where Terraform is missing."""

import pytest

from tests.acceptance import terraform
from tests.acceptance.gaps import Gap


@pytest.mark.parametrize(
    ("gap", "arguments", "concerned"),
    [
        (Gap("aws_x", None, ""), {}, True),
        (Gap("aws_x", "size", ""), {"size": 3}, True),
        (Gap("aws_x", "size", ""), {"size": 0}, False),
        (Gap("aws_x", "size", ""), {}, False),
        (Gap("aws_x", "size", "", beside="group"), {"size": 3}, False),
        (Gap("aws_x", "size", "", beside="group"), {"size": 3, "group": "a"}, True),
        (Gap("aws_x", "size", "", unwritten=True), {}, True),
        (Gap("aws_x", "size", "", unwritten=True), {"size": 3}, False),
    ],
)
def test_a_gap_concerns_those_that_run_into_it(
    gap: Gap, arguments: dict[str, object], concerned: bool
) -> None:
    assert gap.is_of(arguments) is concerned


def test_a_machine_without_terraform_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(terraform.TerraformError, match="no `terraform` on PATH"):
        terraform.prepare()
