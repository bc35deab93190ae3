"""Who may talk to the servers of the nodes, and whom they may talk to."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import ec2, vpc

from components.aws.subnets import ANYWHERE


@dataclass(frozen=True, kw_only=True)
class ServerSecurityGroupArgs:
    """`part` is what the servers do, as it appears in names: `app` or `search`."""

    vpc_id: pulumi.Input[str]
    part: str


class ServerSecurityGroup(pulumi.ComponentResource):
    """A group that nobody may reach: each way in is a rule that the platform adds.

    Everything may be reached from it, because with whom an ERP exchanges mail, payments and files
    is its users' business; a network without NAT ends that at its own border.
    """

    group_id: pulumi.Output[str]

    def __init__(
        self, name: str, args: ServerSecurityGroupArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:ServerSecurityGroup", name, None, opts)
        group = ec2.SecurityGroup(
            name,
            vpc_id=args.vpc_id,
            # Another description would be another group.
            description=f"Servers of the {args.part} nodes",
            opts=pulumi.ResourceOptions(parent=self),
        )
        vpc.SecurityGroupEgressRule(
            f"{name}-out",
            security_group_id=group.id,
            ip_protocol="-1",
            cidr_ipv4=ANYWHERE,
            description="AWS, mail, payments and partners",
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.group_id = group.id
        self.register_outputs({"groupId": self.group_id})
