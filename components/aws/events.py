"""What AWS itself reports of the cluster, handed on to the topic of alarms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi
from pulumi_aws import cloudwatch

from components.aws.surroundings import AwsSurroundings

_HEALTH_SERVICES: Final = ("BACKUP", "EC2", "EFS", "ELASTICLOADBALANCING", "MQ", "RDS")
_DATABASE_CATEGORIES: Final = (
    "failover", "failure", "low storage", "maintenance", "recovery", "restoration", "security",
)  # fmt: skip
"""Of AmazonRDS/latest/UserGuide/USER_Events.Messages: what an operator must know; daily backups
and changes that were asked for are not among them."""
_DATAPOINT_S: Final = 21_600
_DATAPOINTS_A_DAY_AND_A_HALF: Final = 6


@dataclass(frozen=True, kw_only=True)
class BackupSource:
    """What a plan of AWS Backup keeps, and how its restores are known.

    `restore_role_arn` is None where nothing is restored by the clock. `daily` is whether the plan
    runs every day.
    """

    vault_name: pulumi.Input[str]
    database_arn: pulumi.Input[str]
    files_arn: pulumi.Input[str]
    restore_role_arn: pulumi.Input[str] | None
    daily: bool


@dataclass(frozen=True, kw_only=True)
class EventSources:
    """Parts of the cluster by the names that events have for them.

    `group_prefix` begins the name of every group of servers.
    """

    database_arn: pulumi.Input[str]
    group_prefix: str
    backup: BackupSource | None


@dataclass(frozen=True, kw_only=True)
class ClusterEventsArgs:
    """`topic_arn` gets the events; its policy lets EventBridge write."""

    surroundings: AwsSurroundings
    sources: EventSources
    topic_arn: pulumi.Input[str]


@dataclass(frozen=True, kw_only=True)
class Event:
    """`pattern` is EventBridge's; `meaning` says what happened and what to do."""

    meaning: str
    pattern: Mapping[str, Any]


class ClusterEvents(pulumi.ComponentResource):
    """One rule an event, and an alarm for the backup of which there is none to report.

    Two kinds are those of the whole account in this region, since AWS names no cluster in them:
    notices of spot servers, and of AWS Health.
    """

    def __init__(
        self, name: str, args: ClusterEventsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:ClusterEvents", name, None, opts)
        self._args = args
        self._children = pulumi.ResourceOptions(parent=self)
        for subject, event in cluster_events(args.sources).items():
            self._rule(subject, event)
        source = args.sources.backup
        if source is not None and source.daily:
            self._missing_backup(source)
        self.register_outputs({})

    def _rule(self, subject: str, event: Event) -> None:
        name = self._args.surroundings.named(subject)
        rule = cloudwatch.EventRule(
            name,
            description=event.meaning,
            event_pattern=pulumi.Output.json_dumps(event.pattern),
            opts=self._children,
        )
        # Without a role: EventBridge writes to a topic by the topic's policy.
        cloudwatch.EventTarget(name, rule=rule.name, arn=self._args.topic_arn, opts=self._children)

    def _missing_backup(self, source: BackupSource) -> None:
        """An event says that a job failed; none says that there was no job."""
        cloudwatch.MetricAlarm(
            self._args.surroundings.named("backup-missing"),
            alarm_description="No backup was completed for a day and a half: look at the plan of "
            "AWS Backup and its jobs.",
            namespace="AWS/Backup",
            metric_name="NumberOfBackupJobsCompleted",
            dimensions={"BackupVaultName": source.vault_name},
            statistic="Sum",
            period=_DATAPOINT_S,
            evaluation_periods=_DATAPOINTS_A_DAY_AND_A_HALF,
            datapoints_to_alarm=_DATAPOINTS_A_DAY_AND_A_HALF,
            comparison_operator="LessThanThreshold",
            threshold=1,
            treat_missing_data="breaching",
            alarm_actions=[self._args.topic_arn],
            ok_actions=[self._args.topic_arn],
            opts=self._children,
        )


def cluster_events(sources: EventSources) -> Mapping[str, Event]:
    """All events that are handed on, by what they are about, which is the end of a rule's name."""
    return {
        "database-events": Event(
            meaning="RDS reports a failover, a failure, a lack of storage, maintenance or a "
            "restore of the database.",
            pattern={
                "source": ["aws.rds"],
                "detail-type": ["RDS DB Instance Event"],
                "detail": {
                    "SourceArn": [sources.database_arn],
                    "EventCategories": list(_DATABASE_CATEGORIES),
                },
            },
        ),
        **_servers(sources.group_prefix),
        "health-events": Event(
            meaning="AWS Health reports an issue or a planned change (a retirement, for one) of "
            "something in this account and region.",
            pattern={
                "source": ["aws.health"],
                "detail-type": ["AWS Health Event"],
                "detail": {
                    "service": list(_HEALTH_SERVICES),
                    "eventTypeCategory": ["issue", "scheduledChange"],
                },
            },
        ),
        **({} if sources.backup is None else _backups(sources.backup)),
    }


def _servers(group_prefix: str) -> Mapping[str, Event]:
    return {
        "server-events": Event(
            meaning="Auto Scaling could not start or end a server, or a replacement of servers "
            "failed, was cancelled or went back.",
            pattern={
                "source": ["aws.autoscaling"],
                "detail-type": [
                    "EC2 Instance Launch Unsuccessful",
                    "EC2 Instance Terminate Unsuccessful",
                    "EC2 Auto Scaling Instance Refresh Cancelled",
                    "EC2 Auto Scaling Instance Refresh Failed",
                    "EC2 Auto Scaling Instance Refresh Rollback Failed",
                    "EC2 Auto Scaling Instance Refresh Rollback Succeeded",
                ],
                "detail": {"AutoScalingGroupName": [{"prefix": group_prefix}]},
            },
        ),
        "spot-notices": Event(
            meaning="EC2 takes a spot server of this account and region back within two minutes.",
            pattern={
                "source": ["aws.ec2"],
                "detail-type": ["EC2 Spot Instance Interruption Warning"],
            },
        ),
    }


def _backups(source: BackupSource) -> Mapping[str, Event]:
    """`EXPIRED` is a job that did not begin or end in its window (API reference, BackupJob)."""
    kept: Sequence[pulumi.Input[str]] = [source.database_arn, source.files_arn]
    events = {
        "backup-failed": Event(
            meaning="A backup of database or files failed, was late, or has a part only.",
            pattern={
                "source": ["aws.backup"],
                "detail-type": ["Backup Job State Change"],
                "detail": {
                    "resourceArn": kept,
                    "state": ["ABORTED", "EXPIRED", "FAILED", "PARTIAL"],
                },
            },
        ),
        "backup-copy-failed": Event(
            meaning="A backup was not copied to the second region.",
            pattern={
                "source": ["aws.backup"],
                "detail-type": ["Copy Job State Change"],
                "detail": {"resourceArn": kept, "state": ["FAILED", "PARTIAL"]},
            },
        ),
    }
    if source.restore_role_arn is not None:
        events["restore-test"] = Event(
            meaning="The result of a restore that AWS Backup made for a test.",
            pattern={
                "source": ["aws.backup"],
                "detail-type": ["Restore Job State Change"],
                "detail": {
                    "iamRoleArn": [source.restore_role_arn],
                    "status": ["ABORTED", "COMPLETED", "FAILED"],
                },
            },
        )
    return events
