"""What AWS reports of the cluster reaches the topic of alarms, and nothing of another cluster."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from components.aws.alarm_topic import AlarmTopic, AlarmTopicArgs
from components.aws.events import BackupSource, ClusterEvents, ClusterEventsArgs, EventSources
from components.aws.restore_testing import RestoreTest, RestoreTestArgs
from settings.aws.backup import is_daily
from tests.components.aws.sections import KEY_ARN, api_faults, recorded, surroundings
from tests.components.aws.stacks import record_aws
from tests.support.recorder import Recording

ACCOUNT = "123456789012"
DATABASE = f"arn:aws:rds:eu-central-1:{ACCOUNT}:db:scipio-prod-0a1b2c3d"
FILES = f"arn:aws:elasticfilesystem:eu-central-1:{ACCOUNT}:file-system/fs-0123456789abcdef0"
RESTORES = f"arn:aws:iam::{ACCOUNT}:role/scipio-prod-restore-test"
VAULT = f"arn:aws:backup:eu-central-1:{ACCOUNT}:backup-vault:scipio-prod"
TOPIC = f"arn:aws:sns:eu-central-1:{ACCOUNT}:scipio-prod-alarms"


def events(*, backup: bool = True, daily: bool = True) -> Recording:
    source = BackupSource(
        vault_name="scipio-prod",
        database_arn=DATABASE,
        files_arn=FILES,
        restore_role_arn=RESTORES,
        daily=daily,
    )
    sources = EventSources(
        database_arn=DATABASE,
        group_prefix="scipio-prod-",
        backup=source if backup else None,
    )
    args = ClusterEventsArgs(surroundings=surroundings(), sources=sources, topic_arn=TOPIC)
    return recorded(lambda: ClusterEvents("events", args))


def matches(pattern: Any, event: Any) -> bool:
    """As EventBridge compares (eventbridge/latest/userguide/eb-event-patterns)."""
    if isinstance(pattern, Mapping):
        return all(key in event and matches(value, event[key]) for key, value in pattern.items())
    found = event if isinstance(event, list) else [event]
    return any(
        one.startswith(wanted["prefix"]) if isinstance(wanted, Mapping) else one == wanted
        for wanted in pattern
        for one in found
    )


def heard(event: Mapping[str, Any]) -> set[str]:
    """Which rules hand the event on."""
    return {
        rule.name.removeprefix("scipio-prod-")
        for rule in events().of_type("EventRule")
        if matches(json.loads(rule.inputs["eventPattern"]), event)
    }


def of_backup(kind: str, **detail: str) -> dict[str, Any]:
    return {"source": "aws.backup", "detail-type": f"{kind} Job State Change", "detail": detail}


def of_rds(arn: str, category: str) -> dict[str, Any]:
    detail = {"SourceArn": arn, "EventCategories": [category], "Message": "…"}
    return {"source": "aws.rds", "detail-type": "RDS DB Instance Event", "detail": detail}


def of_group(name: str, kind: str) -> dict[str, Any]:
    return {
        "source": "aws.autoscaling",
        "detail-type": kind,
        "detail": {"AutoScalingGroupName": name},
    }


def of_health(service: str, category: str) -> dict[str, Any]:
    detail = {"service": service, "eventTypeCategory": category}
    return {"source": "aws.health", "detail-type": "AWS Health Event", "detail": detail}


SPOT = {
    "source": "aws.ec2",
    "detail-type": "EC2 Spot Instance Interruption Warning",
    "detail": {"instance-id": "i-0123456789abcdef0", "instance-action": "terminate"},
}


@pytest.mark.parametrize(
    ("event", "rules"),
    [
        (of_backup("Backup", resourceArn=DATABASE, state="FAILED"), {"backup-failed"}),
        (of_backup("Backup", resourceArn=FILES, state="EXPIRED"), {"backup-failed"}),
        (of_backup("Backup", resourceArn=FILES, state="COMPLETED"), set()),
        (of_backup("Backup", resourceArn=f"{DATABASE}9", state="FAILED"), set()),
        (of_backup("Copy", resourceArn=DATABASE, state="FAILED"), {"backup-copy-failed"}),
        (of_backup("Restore", iamRoleArn=RESTORES, status="COMPLETED"), {"restore-test"}),
        (of_backup("Restore", iamRoleArn=RESTORES, status="FAILED"), {"restore-test"}),
        (of_backup("Restore", iamRoleArn=RESTORES, status="RUNNING"), set()),
        (of_rds(DATABASE, "failover"), {"database-events"}),
        (of_rds(DATABASE, "low storage"), {"database-events"}),
        (of_rds(DATABASE, "backup"), set()),
        (of_rds(f"{DATABASE}9", "failure"), set()),
        (
            of_group("scipio-prod-blue", "EC2 Auto Scaling Instance Refresh Failed"),
            {"server-events"},
        ),
        (of_group("scipio-prod-green", "EC2 Instance Launch Unsuccessful"), {"server-events"}),
        (of_group("scipio-prod-blue", "EC2 Instance Launch Successful"), set()),
        (of_group("scipio-staging-blue", "EC2 Auto Scaling Instance Refresh Failed"), set()),
        (of_health("EC2", "scheduledChange"), {"health-events"}),
        (of_health("RDS", "issue"), {"health-events"}),
        (of_health("EC2", "accountNotification"), set()),
        (of_health("LIGHTSAIL", "issue"), set()),
        (SPOT, {"spot-notices"}),
    ],
)
def test_an_event_is_handed_on_when_an_operator_must_know_it(
    event: Mapping[str, Any], rules: set[str]
) -> None:
    assert heard(event) == rules


def test_every_rule_writes_to_the_topic_by_the_topics_own_policy() -> None:
    """With a role, EventBridge may fail to write to an encrypted topic."""
    recording = events()
    targets = recording.of_type("EventTarget")

    assert len(targets) == len(recording.of_type("EventRule"))
    for target in targets:
        assert target.inputs["arn"] == TOPIC
        assert "roleArn" not in target.inputs


def test_eventbridge_may_write_and_is_asked_for_no_condition() -> None:
    """It sends nothing that a condition could compare: messages would be dropped without a word."""
    args = AlarmTopicArgs(
        surroundings=surroundings(), existing_arn=None, emails=[], key_arn=KEY_ARN
    )
    [policy] = recorded(lambda: AlarmTopic("topic", args)).of_type("TopicPolicy")
    statements = json.loads(policy.inputs["policy"])["Statement"]
    [events_statement] = [
        each for each in statements if each["Principal"] == {"Service": "events.amazonaws.com"}
    ]

    assert events_statement["Action"] == "sns:Publish"
    assert "Condition" not in events_statement


def test_a_backup_that_never_began_is_missed() -> None:
    """No event says that nothing happened; what reports nothing breaches the alarm."""
    [alarm] = events().of_type("MetricAlarm")

    assert alarm.inputs["dimensions"] == {"BackupVaultName": "scipio-prod"}
    assert alarm.inputs["period"] * alarm.inputs["evaluationPeriods"] == 36 * 3600
    assert alarm.inputs["treatMissingData"] == "breaching"
    assert alarm.inputs["alarmActions"] == [TOPIC]


@pytest.mark.parametrize("kept", [{"backup": False}, {"daily": False}])
def test_without_a_daily_plan_no_daily_backup_is_missed(kept: Mapping[str, bool]) -> None:
    assert not [each for each in events(**kept) if "MetricAlarm" in each.type]


@pytest.mark.parametrize(
    ("schedule", "daily"),
    [
        ("cron(0 22 * * ? *)", True),
        ("cron(15 3/6 ? * * *)", True),
        ("cron(0 22 ? * SUN *)", False),
        ("cron(0 22 1 * ? *)", False),
    ],
)
def test_a_daily_schedule_names_no_day(schedule: str, daily: bool) -> None:
    assert is_daily(schedule) is daily


def test_database_and_files_are_restored_for_a_test_from_the_stacks_own_vault() -> None:
    args = RestoreTestArgs(
        surroundings=surroundings(),
        schedule="cron(0 6 1 * ? *)",
        vault_arn=VAULT,
        database_arn=DATABASE,
        files_arn=FILES,
    )
    recording = recorded(lambda: RestoreTest("restore-test", args))
    [plan] = recording.of_type("RestoreTestingPlan")
    selections = recording.of_type("RestoreTestingSelection")

    assert plan.inputs["recoveryPointSelection"]["includeVaults"] == [VAULT]
    assert plan.inputs["name"] == "scipio_prod_restore_test"
    assert {
        (each.inputs["protectedResourceType"], *each.inputs["protectedResourceArns"])
        for each in selections
    } == {("RDS", DATABASE), ("EFS", FILES)}
    [attachment] = recording.of_type("RolePolicyAttachment")
    assert attachment.inputs["policyArn"].endswith("AWSBackupServiceRolePolicyForRestores")
    assert {attachment.urn} <= selections[0].depends_on
    assert api_faults(recording) == []


def test_production_hands_all_of_them_on_and_a_stack_without_alarms_none() -> None:
    names = {each.name for each in record_aws("prod").of_type("EventRule")}

    assert {f"scipio-prod-{each}" for each in ("backup-failed", "restore-test")} <= names
    assert not [each for each in record_aws("dev") if "eventRule" in each.type]


def test_aws_accepts_all_of_it() -> None:
    assert api_faults(events()) == []
