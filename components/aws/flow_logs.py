"""Records of every connection in the VPC."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import cloudwatch, ec2, iam

from components.aws.policy_document import assumed_by, policy_document
from components.aws.surroundings import AwsSurroundings

_AGGREGATION_S = 600
"""One record a connection in ten minutes: the other choice, 60, costs several times as much."""


@dataclass(frozen=True, kw_only=True)
class FlowLogsArgs:
    """`key_arn` is the stack's own key; None leaves the records to Amazon's."""

    surroundings: AwsSurroundings
    vpc_id: pulumi.Input[str]
    retention_days: int
    key_arn: pulumi.Input[str] | None


class FlowLogs(pulumi.ComponentResource):
    """Accepted and refused connections of the VPC, in a log group of their own."""

    log_group_name: pulumi.Output[str]

    def __init__(
        self, name: str, args: FlowLogsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:FlowLogs", name, None, opts)
        logical_name = args.surroundings.named("flow-logs")
        children = pulumi.ResourceOptions(parent=self)
        group = cloudwatch.LogGroup(
            logical_name,
            retention_in_days=args.retention_days,
            kms_key_id=args.key_arn,
            opts=children,
        )
        role = _writer(logical_name, args.surroundings, group, children)
        ec2.FlowLog(
            logical_name,
            vpc_id=args.vpc_id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=group.arn,
            iam_role_arn=role.arn,
            max_aggregation_interval=_AGGREGATION_S,
            tags={"Name": logical_name},
            opts=children,
        )
        self.log_group_name = group.name
        self.register_outputs({"logGroupName": self.log_group_name})


def _writer(
    name: str,
    surroundings: AwsSurroundings,
    group: "cloudwatch.LogGroup",
    opts: pulumi.ResourceOptions,
) -> "iam.Role":
    """The role of the flow log: it writes to this group, and for this account alone."""
    role = iam.Role(
        name,
        description=f"Flow logs of {surroundings.cluster}",
        assume_role_policy=assumed_by(
            "vpc-flow-logs.amazonaws.com",
            {
                "StringEquals": {"aws:SourceAccount": surroundings.account_id},
                "ArnLike": {"aws:SourceArn": surroundings.arn("ec2", "vpc-flow-log/*")},
            },
        ),
        opts=opts,
    )
    iam.RolePolicy(
        name,
        role=role.name,
        policy=policy_document(
            {
                "Effect": "Allow",
                "Action": [
                    "logs:CreateLogStream",
                    "logs:PutLogEvents",
                    "logs:DescribeLogStreams",
                ],
                "Resource": [group.arn, pulumi.Output.concat(group.arn, ":*")],
            },
            {
                # It asks for the list of groups, which no narrower resource allows
                # (vpc/latest/userguide/flow-logs-iam-role).
                "Effect": "Allow",
                "Action": "logs:DescribeLogGroups",
                "Resource": surroundings.arn("logs", "log-group:*"),
            },
        ),
        opts=opts,
    )
    return role
