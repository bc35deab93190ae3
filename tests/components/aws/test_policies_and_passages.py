"""Policy documents as JSON, and passages between groups."""

import json
from collections.abc import Callable
from typing import Any

import pulumi

from components.aws.policy_document import assumed_by, policy_document
from components.aws.security_rules import Passage, allow
from tests.support.recorder import Recording, record


def resolved(make: Callable[[], pulumi.Output[str]]) -> Any:
    seen: list[str] = []

    def program() -> None:
        make().apply(seen.append)

    record(program)
    return json.loads(seen[0])


def passages() -> Recording:
    return record(
        lambda: allow(
            "app-to-database",
            Passage(
                source_group_id="sg-app",
                target_group_id="sg-database",
                port=5432,
                reason="Nodes to PostgreSQL",
            ),
            pulumi.ResourceOptions(),
        )
    )


def test_a_document_waits_for_outputs_in_it() -> None:
    document = resolved(
        lambda: policy_document(
            {
                "Effect": "Allow",
                "Action": ("logs:PutLogEvents",),
                "Resource": pulumi.Output.concat("arn:", pulumi.Output.from_input("group")),
            }
        )
    )

    assert document == {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": ["logs:PutLogEvents"], "Resource": "arn:group"}
        ],
    }


def test_a_role_is_taken_on_by_one_service_on_a_condition() -> None:
    condition = {"StringEquals": {"aws:SourceAccount": "123456789012"}}
    [trust] = resolved(lambda: assumed_by("rds.amazonaws.com", condition))["Statement"]

    assert trust == {
        "Effect": "Allow",
        "Principal": {"Service": "rds.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": condition,
    }


def test_without_a_condition_there_is_none() -> None:
    [trust] = resolved(lambda: assumed_by("rds.amazonaws.com"))["Statement"]

    assert "Condition" not in trust


def test_a_passage_is_open_at_both_ends_and_at_one_port() -> None:
    recording = passages()
    way_in = recording.named("SecurityGroupIngressRule", "app-to-database-in").inputs
    way_out = recording.named("SecurityGroupEgressRule", "app-to-database-out").inputs

    assert way_in["securityGroupId"] == way_out["referencedSecurityGroupId"] == "sg-database"
    assert way_in["referencedSecurityGroupId"] == way_out["securityGroupId"] == "sg-app"
    for rule in (way_in, way_out):
        assert (rule["ipProtocol"], rule["fromPort"], rule["toPort"]) == ("tcp", 5432, 5432)
        assert rule["description"] == "Nodes to PostgreSQL"
