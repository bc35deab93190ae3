"""The machine image that servers start from."""

import pulumi
from pulumi_aws import ssm

from settings.aws.servers import Servers

_NEWEST = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-{architecture}"
"""Amazon's own parameter (linux/al2023/ug/ec2, "Launching AL2023 using SSM parameter")."""


def ami_id(servers: Servers, parent: pulumi.Resource) -> pulumi.Output[str]:
    """The pinned image; where none is pinned, the newest Amazon Linux 2023 of this moment.

    Then any update may replace all servers, as soon as Amazon has a newer one: settings allow it
    outside production only.
    """
    if servers.ami is not None:
        return pulumi.Output.from_input(servers.ami)
    newest = ssm.get_parameter_output(
        name=_NEWEST.format(architecture=servers.architecture),
        opts=pulumi.InvokeOutputOptions(parent=parent),
    )
    # The parameter is public; taken for a secret, it would hide the launch template's differences.
    return pulumi.Output.unsecret(newest.value)
