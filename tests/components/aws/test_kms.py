"""The key: renewed every year, hard to delete, and usable by those who must use it."""

import json
from typing import Any

import pytest

from components.aws.kms import EncryptionKey, EncryptionKeyArgs
from tests.components.aws.sections import api_faults, recorded, surroundings
from tests.support.recorder import Recording

ACCOUNT = "123456789012"
ROLE = (
    f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/autoscaling.amazonaws.com"
    "/AWSServiceRoleForAutoScaling"
)


def key(*, protect: bool = True) -> Recording:
    args = EncryptionKeyArgs(surroundings=surroundings(protect=protect))
    return recorded(lambda: EncryptionKey("key", args))


def statements() -> dict[str, Any]:
    [made] = key().of_type("kms/key:Key")
    return {each["Sid"]: each for each in json.loads(made.inputs["policy"])["Statement"]}


@pytest.mark.parametrize("protect", [True, False])
def test_it_is_renewed_and_waits_before_it_is_gone(protect: bool) -> None:
    [made] = key(protect=protect).of_type("kms/key:Key")

    assert made.inputs["enableKeyRotation"] is True
    assert made.inputs["deletionWindowInDays"] == 30
    assert made.protect is protect
    assert made.retain_on_delete


def test_the_account_keeps_the_last_word() -> None:
    """A key whose policy names nobody of the account can never be changed again."""
    account = statements()["AccountDecidesByItsPolicies"]

    assert account["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    assert account["Action"] == "kms:*"


def test_the_log_service_of_the_region_uses_it_for_log_groups_of_this_account_alone() -> None:
    logs = statements()["LogGroupsOfThisAccount"]

    assert logs["Principal"] == {"Service": "logs.eu-central-1.amazonaws.com"}
    assert logs["Condition"] == {
        "ArnLike": {
            "kms:EncryptionContext:aws:logs:arn": (
                f"arn:aws:logs:eu-central-1:{ACCOUNT}:log-group:*"
            )
        }
    }


def test_auto_scaling_starts_servers_with_encrypted_volumes_in_an_account_of_its_first_day() -> (
    None
):
    """By a condition: KMS refuses a principal that does not exist yet."""
    use, grant = statements()["AutoScalingUsesVolumes"], statements()["AutoScalingHandsOnToVolumes"]

    for statement in (use, grant):
        assert statement["Condition"]["ArnEquals"] == {"aws:PrincipalArn": ROLE}
        assert statement["Condition"]["StringEquals"] == {"kms:CallerAccount": ACCOUNT}
    assert grant["Action"] == "kms:CreateGrant"
    assert grant["Condition"]["Bool"] == {"kms:GrantIsForAWSResource": "true"}


def test_alarms_and_budgets_reach_an_encrypted_topic() -> None:
    alarms = statements()["AlarmsReachTheirTopic"]

    assert alarms["Principal"]["Service"] == ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"]
    assert alarms["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]
    assert alarms["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}


def test_no_service_uses_it_for_another_account() -> None:
    """A service of AWS acts for any caller: only a condition says for whom. EventBridge names
    no account when it encrypts (sns/latest/dg/sns-key-management)."""
    for statement in statements().values():
        if "Service" in statement["Principal"] and "Events" not in statement["Sid"]:
            assert ACCOUNT in json.dumps(statement["Condition"])


def test_nobody_beside_them_is_named() -> None:
    for statement in statements().values():
        if statement["Principal"] == {"AWS": "*"}:
            assert "aws:PrincipalArn" in statement["Condition"]["ArnEquals"]


def test_its_alias_begins_like_the_cluster() -> None:
    recording = key()
    [alias] = recording.of_type("kms/alias:Alias")

    assert alias.inputs["namePrefix"] == "alias/scipio-prod-"
    assert alias.inputs["targetKeyId"] == recording.of_type("kms/key:Key")[0].outputs["keyId"]


def test_aws_accepts_all_of_it() -> None:
    assert api_faults(key()) == []
