"""What outlives a stack can be read: its key outlives the stack too."""

from collections.abc import Callable, Iterator

import pulumi
import pulumi_aws as aws
import pytest

from tests.components.aws.stacks import STACKS, StackName, record_aws
from tests.components.rules import texts, value
from tests.support.recorder import Recording, Registration, record

KEY = "aws:kms/key:Key"
DATABASE = "aws:rds/instance:Instance"
SECRET = "aws:secretsmanager/secret:Secret"


def outlives(each: Registration) -> bool:
    """Whether something of it is there once the stack is destroyed."""
    if each.type == DATABASE:
        kept = value(each, "deleteAutomatedBackups") is False
        return kept or not value(each, "skipFinalSnapshot")
    if each.type == SECRET:
        # Without a window said, it is one of 30 days.
        return bool(value(each, "recoveryWindowInDays") != 0)
    return each.retain_on_delete


def unreadable(recording: Recording) -> Iterator[str]:
    """Each thing that outlives the stack, encrypted with a key that does not."""
    going = {
        str(known)
        for each in recording
        if each.type == KEY and not each.retain_on_delete
        for known in (each.outputs["arn"], each.outputs["keyId"])
    }
    for each in recording:
        if each.type != KEY and outlives(each):
            for path, text in texts(each.inputs):
                if text in going:
                    yield f"{each.name}: {path[0]} is a key that goes with the stack"


def program(*, key_stays: bool) -> Callable[[], None]:
    def make() -> None:
        key = aws.kms.Key("key", opts=pulumi.ResourceOptions(retain_on_delete=key_stays))
        aws.secretsmanager.Secret("kept", kms_key_id=key.arn, recovery_window_in_days=7)
        aws.secretsmanager.Secret("gone", kms_key_id=key.arn, recovery_window_in_days=0)
        aws.cloudwatch.LogGroup(
            "logs", kms_key_id=key.arn, opts=pulumi.ResourceOptions(retain_on_delete=True)
        )
        aws.rds.Instance(
            "database",
            instance_class="db.t4g.small",
            kms_key_id=key.arn,
            final_snapshot_identifier="last",
        )

    return make


def test_the_rule_finds_what_loses_its_key() -> None:
    assert sorted(unreadable(record(program(key_stays=False)))) == [
        f"{name}: kmsKeyId is a key that goes with the stack"
        for name in ("database", "kept", "logs")
    ]
    assert list(unreadable(record(program(key_stays=True)))) == []


@pytest.mark.parametrize("protection", [True, False])
@pytest.mark.parametrize("stack", STACKS)
def test_nothing_that_outlives_the_stack_loses_its_key(stack: StackName, protection: bool) -> None:
    recording = record_aws(stack, {"aws": {"protection": protection}})
    copied = {"backup": {"enabled": True, "copyRegion": "eu-west-1"}}

    assert list(unreadable(recording)) == []
    assert list(unreadable(record_aws(stack, {"aws": {"protection": protection}} | copied))) == []


def test_the_switch_that_permits_a_tear_down_destroys_no_copy() -> None:
    recording = record_aws("prod", {"aws": {"protection": False}})
    [database] = recording.of_type(DATABASE)

    for vault in recording.of_type("backup/vault:Vault"):
        assert vault.retain_on_delete
        assert vault.inputs["forceDestroy"] is False
    assert database.inputs["deleteAutomatedBackups"] is False
    assert database.inputs["skipFinalSnapshot"] is False
    for group in recording.of_type("cloudwatch/logGroup:LogGroup"):
        kept = "nodes" in group.name or "database" in group.name
        assert group.retain_on_delete is kept
