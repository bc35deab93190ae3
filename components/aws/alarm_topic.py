"""Where alarms go to: one topic, and the people who listen to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import pulumi
from pulumi_aws import sns

from components.aws.policy_document import policy_document
from components.aws.surroundings import AwsSurroundings


@dataclass(frozen=True, kw_only=True)
class AlarmTopicArgs:
    """`existing_arn` is a topic that is there already; None makes one.

    `key_arn` is the stack's own key. Without one, the topic's messages are encrypted by SNS's own
    disks alone: Amazon's key for SNS is one that CloudWatch may not use.
    """

    surroundings: AwsSurroundings
    existing_arn: str | None
    emails: Sequence[str]
    key_arn: pulumi.Input[str] | None


class AlarmTopic(pulumi.ComponentResource):
    """A topic to which alarms and budget of this account may write, and rules of EventBridge.

    Each address gets a message from Amazon and hears nothing until it has confirmed.
    """

    arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: AlarmTopicArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:AlarmTopic", name, None, opts)
        self._args = args
        self.arn = (
            self._made()
            if args.existing_arn is None
            else pulumi.Output.from_input(args.existing_arn)
        )
        for email in args.emails:
            # By the address and not by its place; its digest, as a name is no place for it.
            digest = sha256(email.encode()).hexdigest()[:8]
            sns.TopicSubscription(
                args.surroundings.named(f"alarms-{digest}"),
                topic=self.arn,
                protocol="email",
                endpoint=email,
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.register_outputs({"arn": self.arn})

    def _made(self) -> pulumi.Output[str]:
        surroundings = self._args.surroundings
        topic = sns.Topic(
            surroundings.named("alarms"),
            display_name=f"Alarms of {surroundings.cluster}",
            kms_master_key_id=self._args.key_arn,
            opts=pulumi.ResourceOptions(parent=self),
        )
        policy = sns.TopicPolicy(
            surroundings.named("alarms"),
            arn=topic.arn,
            policy=policy_document(
                {
                    "Sid": "AlarmsOfThisAccount",
                    "Effect": "Allow",
                    "Principal": {"Service": "cloudwatch.amazonaws.com"},
                    "Action": "sns:Publish",
                    "Resource": topic.arn,
                    "Condition": {
                        "StringEquals": {"aws:SourceAccount": surroundings.account_id},
                        "ArnLike": {"aws:SourceArn": surroundings.arn("cloudwatch", "alarm:*")},
                    },
                },
                # Without a condition: EventBridge sends none of what one could ask for, and each
                # message would be dropped (AmazonCloudWatch/latest/events/resource-based-policies).
                {
                    "Sid": "EventsOfEventBridge",
                    "Effect": "Allow",
                    "Principal": {"Service": "events.amazonaws.com"},
                    "Action": "sns:Publish",
                    "Resource": topic.arn,
                },
                {
                    "Sid": "BudgetsOfThisAccount",
                    "Effect": "Allow",
                    "Principal": {"Service": "budgets.amazonaws.com"},
                    "Action": "sns:Publish",
                    "Resource": topic.arn,
                    "Condition": {
                        "StringEquals": {"aws:SourceAccount": surroundings.account_id},
                        "ArnLike": {"aws:SourceArn": surroundings.global_arn("budgets", "*")},
                    },
                },
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        # Through the policy, so that a budget finds a topic that it may write to.
        return pulumi.Output.all(topic.arn, policy.id).apply(lambda made: str(made[0]))
