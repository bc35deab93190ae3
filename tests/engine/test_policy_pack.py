"""The policy pack, run by the real engine beside a preview."""

import os
import sys
from pathlib import Path

import pulumi
import pytest
from pulumi_aws import Provider, cloudwatch, rds

from tests.engine.aws_stack import AwsStack
from tests.engine.engine_stack import Program

ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "policies" / "pack"

pytestmark = pytest.mark.engine


@pytest.fixture
def judged_stack(aws_stack: AwsStack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AwsStack:
    """A stack, and the engine's way to start a policy pack in Python.

    A released CLI has its own; one that was built from source looks for this file.
    """
    folder = tmp_path / "analyzer"
    folder.mkdir()
    launcher = folder / "pulumi-analyzer-policy-python"
    launcher.write_text(f'#!/bin/sh\nexec "{sys.executable}" -u __main__.py "$@"\n')
    launcher.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return aws_stack


def database(*, public: bool, retention_days: int) -> Program:
    def program() -> None:
        provider = Provider(
            "aws", region="eu-central-1", default_tags={"tags": {"Cluster": "test"}}
        )
        options = pulumi.ResourceOptions(provider=provider)
        group = cloudwatch.LogGroup("log", retention_in_days=7, opts=options)
        rds.Instance(
            "database",
            instance_class="db.t4g.small",
            engine="postgres",
            storage_encrypted=True,
            publicly_accessible=public,
            # Unknown in a preview.
            parameter_group_name=group.arn,
            backup_retention_period=retention_days,
            enabled_cloudwatch_logs_exports=["postgresql"],
            opts=options,
        )

    return program


def test_a_stack_that_breaks_a_rule_is_refused_and_told_why(judged_stack: AwsStack) -> None:
    judged_stack.set_config("scipio:profile", "dev")
    refused = judged_stack.preview(database(public=True, retention_days=1), policy_pack=PACK)
    assert len(refused.violations) == 1, refused.violations
    assert refused.violations[0].startswith("database-is-not-public: ")
    assert "publiclyAccessible is true. It must be false" in refused.violations[0]
    assert refused.error


def test_a_stack_that_keeps_them_is_previewed_as_ever(judged_stack: AwsStack) -> None:
    judged_stack.set_config("scipio:profile", "dev")
    kept = judged_stack.preview(database(public=False, retention_days=1), policy_pack=PACK)
    assert (kept.error, kept.violations) == ("", [])


def test_rules_follow_the_profile_of_the_stack(judged_stack: AwsStack) -> None:
    judged_stack.set_config("scipio:profile", "prod")
    refused = judged_stack.preview(database(public=False, retention_days=1), policy_pack=PACK)
    broken = {violation.split(":")[0] for violation in refused.violations}
    assert broken == {"database-can-be-restored", "database-is-hard-to-delete"}
