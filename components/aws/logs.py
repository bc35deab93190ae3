"""Where the nodes write to: one log group, a stream for each server."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import cloudwatch

from components.aws.surroundings import AwsSurroundings


@dataclass(frozen=True, kw_only=True)
class NodeLogsArgs:
    """`key_arn` is the stack's own key; None leaves encryption to CloudWatch's own.

    `keep` is whether the lines outlive the stack, each for `retention_days`.
    """

    surroundings: AwsSurroundings
    retention_days: int
    keep: bool
    key_arn: pulumi.Input[str] | None


class NodeLogs(pulumi.ComponentResource):
    """A log group made here, so that its lines go after a time; nodes may only write to it.

    Where the stack asks for it, it stays behind when the stack is destroyed, because after that
    it is what tells why.
    """

    group_name: pulumi.Output[str]
    group_arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: NodeLogsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:NodeLogs", name, None, opts)
        group = cloudwatch.LogGroup(
            args.surroundings.named("nodes"),
            retention_in_days=args.retention_days,
            kms_key_id=args.key_arn,
            opts=pulumi.ResourceOptions(parent=self, retain_on_delete=args.keep),
        )
        self.group_name = group.name
        self.group_arn = group.arn
        self.register_outputs({"groupName": self.group_name})
