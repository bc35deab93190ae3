"""Who may open a connection to whom: one rule a resource, so that groups may name each other."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import vpc


@dataclass(frozen=True, kw_only=True)
class Passage:
    """Connections from one security group to one TCP port of another; `reason` is read by people.

    Changing a port or a reason changes the rules in place; changing a group replaces them.
    """

    source_group_id: pulumi.Input[str]
    target_group_id: pulumi.Input[str]
    port: int
    reason: str


def allow(name: str, passage: Passage, opts: pulumi.ResourceOptions) -> None:
    """Open the passage at both ends: out of the source and into the target.

    `name` begins the logical names and says both ends, as `app-to-database`.
    """
    vpc.SecurityGroupEgressRule(
        f"{name}-out",
        security_group_id=passage.source_group_id,
        referenced_security_group_id=passage.target_group_id,
        ip_protocol="tcp",
        from_port=passage.port,
        to_port=passage.port,
        description=passage.reason,
        opts=opts,
    )
    vpc.SecurityGroupIngressRule(
        f"{name}-in",
        security_group_id=passage.target_group_id,
        referenced_security_group_id=passage.source_group_id,
        ip_protocol="tcp",
        from_port=passage.port,
        to_port=passage.port,
        description=passage.reason,
        opts=opts,
    )
