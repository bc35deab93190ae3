"""The deployer's policies: complete for the plan, confined where AWS lets them be, short enough."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from account.deployer_policy import (
    LENGTH_MAX,
    Place,
    UnknownTypeError,
    actions,
    policies,
)
from account.own_actions import PREFLIGHT
from account.plan import Plan, PlannedResource
from account.preflight import Preflight
from account.session import action_of
from tests.account.answers import ScriptedAws
from tests.account.stacks import aws_settings, recorded_plan
from tests.components.aws.stacks import STACKS, StackName
from tests.engine.doubles.aws.served_types import SERVED

CLUSTER = "scipio-prod"


def documents(stack: StackName = "prod") -> dict[str, Any]:
    settings = aws_settings(stack)
    return policies(recorded_plan(stack), Place.of(settings, f"scipio-{stack}"))


def statements(stack: StackName = "prod") -> Iterator[dict[str, Any]]:
    for document in documents(stack).values():
        yield from document["Statement"]


def with_action(action: str) -> dict[str, Any]:
    [found] = [each for each in statements() if action in each["Action"]]
    return found


def test_every_type_that_the_program_can_make_has_its_actions() -> None:
    types = [each for each in SERVED if each.startswith("aws:")]
    resources = (PlannedResource(type=each, name="x", component="", inputs={}) for each in types)
    assert len(actions(Plan(tuple(resources)))) > len(types)


def test_a_type_of_which_no_table_knows_is_refused() -> None:
    unknown = PlannedResource(type="aws:glue/job:Job", name="x", component="", inputs={})
    with pytest.raises(UnknownTypeError, match="aws:glue/job:Job"):
        actions(Plan((unknown,)))


@pytest.mark.parametrize("stack", STACKS)
def test_each_policy_is_as_short_as_aws_takes_it_and_none_says_all(stack: StackName) -> None:
    found = documents(stack)
    assert 1 <= len(found) <= 5
    for name, document in found.items():
        assert len(json.dumps(document, separators=(",", ":"))) <= LENGTH_MAX, name
    wildcards = {each for some in statements(stack) for each in some["Action"] if "*" in each}
    assert all(each.endswith(":Describe*") for each in wildcards)


@pytest.mark.parametrize("stack", STACKS)
def test_nothing_that_the_plan_takes_is_left_out(stack: StackName) -> None:
    allowed = [each for some in statements(stack) for each in some["Action"]]
    services = {each.partition(":")[0] for each in allowed if each.endswith(":Describe*")}
    asked = {
        each
        for each in actions(recorded_plan(stack))
        if not (each.partition(":")[0] in services and ":Describe" in each)
    }
    assert asked == {each for each in allowed if not each.endswith(":Describe*")}


def test_roles_are_the_clusters_own_and_go_to_the_services_of_the_plan() -> None:
    passing = with_action("iam:PassRole")
    assert passing["Resource"] == ["arn:aws:iam::123456789012:role/scipio-prod-*"]
    assert "ec2.amazonaws.com" in passing["Condition"]["StringEquals"]["iam:PassedToService"]
    attached = with_action("iam:AttachRolePolicy")["Condition"]["ArnLike"]["iam:PolicyARN"]
    assert not [each for each in attached if "Administrator" in each]
    for statement in statements():
        if any(each.startswith("iam:") for each in statement["Action"]):
            assert "*" not in statement["Resource"]


def test_secrets_buckets_and_the_zone_are_confined() -> None:
    assert with_action("secretsmanager:GetSecretValue")["Resource"] == [
        "arn:aws:secretsmanager:*:123456789012:secret:scipio-prod/*",
        "arn:aws:secretsmanager:*:123456789012:secret:rds!*",
    ]
    assert with_action("s3:DeleteBucket")["Resource"][0] == "arn:aws:s3:::scipio-prod-*"
    zone = with_action("route53:ChangeResourceRecordSets")["Resource"][0]
    assert zone == "arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ"
    via = with_action("kms:Decrypt")["Condition"]["StringEquals"]["kms:ViaService"]
    assert via[0] == "secretsmanager.eu-central-1.amazonaws.com"


def test_the_plan_names_everything_as_the_policies_confine_it() -> None:
    """Pulumi's own names are a logical name and seven digits."""
    confined = (
        "aws:iam/role:Role",
        "aws:iam/instanceProfile:InstanceProfile",
        "aws:s3/bucket:Bucket",
        "aws:sns/topic:Topic",
    )
    plan = recorded_plan("prod")
    for resource in (each for token in confined for each in plan.of_type(token)):
        own = [each for each in ("name", "namePrefix", "bucket") if each in resource.inputs]
        name = str(resource.inputs[own[0]]) if own else resource.name
        assert name.startswith("scipio-prod-"), resource
    for secret in plan.of_type("aws:secretsmanager/secret:Secret"):
        assert str(secret.inputs["namePrefix"]).startswith("scipio-prod/")


def test_what_has_a_region_is_allowed_in_the_stacks_regions_alone() -> None:
    for statement in statements():
        service = statement["Action"][0].partition(":")[0]
        if service in {"ec2", "rds", "mq", "backup"}:
            regions = statement["Condition"]["StringEquals"]["aws:RequestedRegion"]
            assert regions == ["eu-central-1", "eu-west-1"]


class Listening(ScriptedAws):
    """Notes what is asked."""

    asked: set[str]

    def ask(self, service: str, operation: str, **arguments: Any) -> Any:
        self.asked.add(action_of(service, operation))
        return super().ask(service, operation, **arguments)

    def ask_all(self, service: str, operation: str, key: str, **arguments: Any) -> list[Any]:
        self.asked.add(action_of(service, operation))
        return super().ask_all(service, operation, key, **arguments)


def test_a_deployer_may_ask_all_of_the_preflight() -> None:
    caller = {"Account": "123456789012", "Arn": "arn:aws:sts::123456789012:user/x"}
    aws = Listening(answers={"sts.get_caller_identity": caller})
    object.__setattr__(aws, "asked", set())
    plan = recorded_plan("prod")
    list(
        Preflight(
            aws=aws,
            plan=plan,
            settings=aws_settings("prod"),
            cluster=CLUSTER,
            now=datetime(2026, 12, 1, tzinfo=UTC),
        ).findings()
    )
    assert len(aws.asked) > 10
    assert {each.lower() for each in aws.asked} <= {each.lower() for each in actions(plan)}
    assert set(PREFLIGHT) <= actions(plan)
