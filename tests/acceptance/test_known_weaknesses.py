"""Checkov on production's plan, cfn-lint on every policy: they find nothing that is not exempt."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from account.deployer_policy import Place, policies
from tests.acceptance import emulation
from tests.acceptance.emulation import CREDENTIALS, ZONE
from tests.acceptance.exemptions import EXEMPTIONS
from tests.acceptance.schema import Schema
from tests.acceptance.terraform import Terraform, prepared_schema
from tests.acceptance.translation import providers, translated
from tests.account.stacks import aws_settings, recorded_plan
from tests.components.aws.stacks import STACKS, StackName, record_aws

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(1800)]

ROOT = Path(__file__).resolve().parents[2]
CHECKOV = ROOT / ".cache" / "checker" / "bin" / "checkov"
CFN_LINT = emulation.COMMAND.with_name("cfn-lint")


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Terraform's plan of production in an empty account."""
    schema: Schema | None = prepared_schema()
    assert schema is not None, "`make acceptance-test` prepares Terraform's provider"
    folder = tmp_path_factory.mktemp("plan")
    recording = record_aws("prod")
    own = [{**each, **CREDENTIALS} for each in providers(recording)]
    resources = translated(recording, schema).resources | ZONE
    with emulation.emulator(folder / "emulator.log") as address:
        terraform = Terraform.beginning(folder, address)
        terraform.write("stack", {"resource": resources, "provider": {"aws": own}})
        terraform.run("plan", "-input=false", "-out=plan")
        found: dict[str, Any] = json.loads(terraform.run("show", "-json", "plan"))
    return found


def weaknesses(plan: Mapping[str, Any], folder: Path) -> Iterator[tuple[str, str]]:
    """Check and address of all that failed."""
    (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    done = subprocess.run(
        [
            CHECKOV, "--file", "plan.json", "--framework", "terraform_plan", "--skip-download",
            "--quiet", "--compact", "--output", "json",
        ],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )  # fmt: skip
    report = json.loads(done.stdout)
    assert report["summary"]["passed"] > 100, done.stderr
    assert report["summary"]["parsing_errors"] == 0
    for each in report["results"]["failed_checks"]:
        yield each["check_id"], each["resource"]


def test_checkov_finds_nothing_but_what_is_exempt(plan: dict[str, Any], tmp_path: Path) -> None:
    found = {(check, place.partition(".")[0]) for check, place in weaknesses(plan, tmp_path)}
    exempt = {(each.check, each.type) for each in EXEMPTIONS}
    assert found - exempt == set()
    assert exempt - found == set(), "these are found no more: take the exemptions out"


def test_a_weakness_is_found(plan: dict[str, Any], tmp_path: Path) -> None:
    """Otherwise an empty list would say nothing."""
    weak = json.loads(json.dumps(plan))
    for resource in weak["planned_values"]["root_module"]["resources"]:
        if resource["type"] == "aws_db_instance":
            resource["values"]["storage_encrypted"] = False
    assert "CKV_AWS_16" in {check for check, _ in weaknesses(weak, tmp_path)}


def lint(documents: Mapping[str, Any], folder: Path) -> list[str]:
    """What AWS's linter says of policies; it knows every action of every service."""
    resources = {
        f"Policy{number}": {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {"PolicyDocument": document},
        }
        for number, document in enumerate(documents.values())
    }
    template = folder / "policies.json"
    template.write_text(json.dumps({"Resources": resources}), encoding="utf-8")
    done = subprocess.run(
        [CFN_LINT, "--format", "json", "--regions", "eu-central-1", "--template", str(template)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return [str(each["Message"]) for each in json.loads(done.stdout)]


@pytest.mark.parametrize("stack", STACKS)
def test_every_policy_says_what_aws_knows(stack: StackName, tmp_path: Path) -> None:
    """Of the deployer, and of every role of the stack."""
    settings = aws_settings(stack)
    written = policies(recorded_plan(stack), Place.of(settings, f"scipio-{stack}"))
    roles = {
        each.name: json.loads(each.inputs["policy"])
        for each in record_aws(stack).of_type("iam/rolePolicy:RolePolicy")
    }
    assert lint(written | roles, tmp_path) == []


def test_an_action_that_there_is_not_is_found(tmp_path: Path) -> None:
    statement = {"Effect": "Allow", "Action": ["ec2:MakeCoffee"], "Resource": ["*"]}
    wrong = {"x": {"Version": "2012-10-17", "Statement": [statement]}}
    assert len(lint(wrong, tmp_path)) == 1
