"""The stack's own key, which outlives the stack: without it nothing that stays can be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_aws import kms

from components.aws.policy_document import Statement, policy_document
from components.aws.surroundings import AwsSurroundings

_DELETION_WINDOW_DAYS: Final = 30
"""The longest that KMS waits: until then a deletion can be called off."""

_USE: Final = (
    "kms:Encrypt",
    "kms:Decrypt",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:DescribeKey",
)

_ALARM_SENDERS: Final = ("cloudwatch.amazonaws.com", "budgets.amazonaws.com")
"""They write to the topic of alarms, which SNS encrypts in their name; Amazon's own key for SNS
does not let them (sns/latest/dg/sns-key-management, Enable compatibility)."""


@dataclass(frozen=True, kw_only=True)
class EncryptionKeyArgs:
    """`surroundings` name the region whose services may use the key; `part` ends its name."""

    surroundings: AwsSurroundings
    part: str = "key"


class EncryptionKey(pulumi.ComponentResource):
    """One symmetric key, renewed by KMS every year, with an alias that begins like the cluster.

    Database, files, broker, secrets, volumes, logs and backups are encrypted with it. It stays when
    the stack is destroyed: a last snapshot, recovery points, deleted secrets and logs outlive the
    stack, and from the moment that their key waits for its deletion they cannot be read. A person
    deletes it, once nothing is left that it encrypts (docs/operations.md, Tear down).
    """

    arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: EncryptionKeyArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:EncryptionKey", name, None, opts)
        surroundings = args.surroundings
        key = kms.Key(
            surroundings.named(args.part),
            description=f"Data and secrets of {surroundings.cluster}",
            deletion_window_in_days=_DELETION_WINDOW_DAYS,
            enable_key_rotation=True,
            policy=policy_document(*_statements(surroundings)),
            opts=pulumi.ResourceOptions(
                parent=self, protect=surroundings.protect, retain_on_delete=True
            ),
        )
        kms.Alias(
            surroundings.named(f"{args.part}-alias"),
            name_prefix=f"alias/{surroundings.cluster}-",
            target_key_id=key.key_id,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.arn = key.arn
        self.register_outputs({"arn": self.arn})


def _statements(surroundings: AwsSurroundings) -> Sequence[Statement]:
    return (
        _account(surroundings),
        _logs(surroundings),
        *_auto_scaling(surroundings),
        _alarms(surroundings),
        _events(),
    )


def _account(surroundings: AwsSurroundings) -> Statement:
    """Who of the account may do what is said by its IAM policies; without this, nobody could."""
    return {
        "Sid": "AccountDecidesByItsPolicies",
        "Effect": "Allow",
        "Principal": {"AWS": surroundings.global_arn("iam", "root")},
        "Action": "kms:*",
        "Resource": "*",
    }


def _logs(surroundings: AwsSurroundings) -> Statement:
    """CloudWatch Logs, for log groups of this account alone."""
    groups = surroundings.arn("logs", "log-group:*")
    return {
        "Sid": "LogGroupsOfThisAccount",
        "Effect": "Allow",
        "Principal": {"Service": f"logs.{surroundings.region}.{surroundings.dns_suffix}"},
        "Action": _USE,
        "Resource": "*",
        "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
    }


def _auto_scaling(surroundings: AwsSurroundings) -> Sequence[Statement]:
    """The role by which Auto Scaling starts instances with encrypted volumes.

    Named by a condition and not as principal: KMS refuses a principal that does not exist, and in
    an account that never had a group the role is made with the first one.
    """
    role = surroundings.global_arn(
        "iam",
        "role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
    )
    is_the_role = {
        "StringEquals": {"kms:CallerAccount": surroundings.account_id},
        "ArnEquals": {"aws:PrincipalArn": role},
    }
    return (
        {
            "Sid": "AutoScalingUsesVolumes",
            "Effect": "Allow",
            "Principal": {"AWS": "*"},
            "Action": _USE,
            "Resource": "*",
            "Condition": is_the_role,
        },
        {
            "Sid": "AutoScalingHandsOnToVolumes",
            "Effect": "Allow",
            "Principal": {"AWS": "*"},
            "Action": "kms:CreateGrant",
            "Resource": "*",
            "Condition": {**is_the_role, "Bool": {"kms:GrantIsForAWSResource": "true"}},
        },
    )


def _alarms(surroundings: AwsSurroundings) -> Statement:
    """In the name of this account alone: the services are the same for all."""
    return {
        "Sid": "AlarmsReachTheirTopic",
        "Effect": "Allow",
        "Principal": {"Service": list(_ALARM_SENDERS)},
        "Action": ("kms:Decrypt", "kms:GenerateDataKey"),
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:SourceAccount": surroundings.account_id}},
    }


def _events() -> Statement:
    """EventBridge says nothing of the account for which it encrypts a message to a topic."""
    return {
        "Sid": "EventsReachTheTopicOfAlarms",
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": ("kms:Decrypt", "kms:GenerateDataKey"),
        "Resource": "*",
    }
