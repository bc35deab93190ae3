"""Private ways to the AWS services that a server needs where there is no NAT."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pulumi
from pulumi_aws import ec2

from components.aws.policy_document import policy_document
from components.aws.surroundings import AwsSurroundings

HTTPS_PORT = 443


class Service(NamedTuple):
    """An AWS service: `prefix` is how its actions begin in a policy."""

    prefix: str
    purpose: str
    """Why a server needs it; a tag of the endpoint, so only what a tag may hold."""


SERVICES: Mapping[str, Service] = {
    "ecr.api": Service("ecr", "log in to the image registry"),
    "ecr.dkr": Service("ecr", "pull the image of the node"),
    "logs": Service("logs", "logs of container and system"),
    "secretsmanager": Service("secretsmanager", "secrets of the node at its start"),
    "ssm": Service("ssm", "Session Manager - registration of the agent"),
    "ssmmessages": Service("ssmmessages", "Session Manager - the session itself"),
    # Agents before 3.3.40 take their commands here
    # (systems-manager/latest/userguide/systems-manager-setting-up-messageAPIs).
    "ec2messages": Service("ec2messages", "Session Manager - older agents"),
    "autoscaling": Service("autoscaling", "complete the drain hook and list live instances"),
    "monitoring": Service("cloudwatch", "figures of the node"),
    "ec2": Service("ec2", "change to the profile of a node that serves"),
    "kms": Service("kms", "decrypt with a key of the stack"),
    "elasticfilesystem": Service("elasticfilesystem", "address of the shared files without DNS"),
}
"""What the nodes call, by the name that follows `com.amazonaws.<region>.`."""


@dataclass(frozen=True, kw_only=True)
class InterfaceEndpointsArgs:
    """`subnet_ids` are private ones, one a zone."""

    surroundings: AwsSurroundings
    vpc_id: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]


class InterfaceEndpoints(pulumi.ComponentResource):
    """Every service of `SERVICES` answers at its usual name from addresses within the VPC.

    Who may use them is let into `security_group_id` at `HTTPS_PORT`; none of them serves another
    account's identities.
    """

    security_group_id: pulumi.Output[str]

    def __init__(
        self, name: str, args: InterfaceEndpointsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:InterfaceEndpoints", name, None, opts)
        self._args = args
        self._children = pulumi.ResourceOptions(parent=self)
        group_name = args.surroundings.named("endpoints")
        group = ec2.SecurityGroup(
            group_name,
            description="Private ways to AWS services",
            vpc_id=args.vpc_id,
            tags={"Name": group_name},
            opts=self._children,
        )
        for service_name, service in SERVICES.items():
            self._endpoint(service_name, service, group)
        self.security_group_id = group.id
        self.register_outputs({"securityGroupId": self.security_group_id})

    def _endpoint(self, service_name: str, service: Service, group: "ec2.SecurityGroup") -> None:
        surroundings = self._args.surroundings
        name = surroundings.named(service_name.replace(".", "-"))
        ec2.VpcEndpoint(
            name,
            vpc_id=self._args.vpc_id,
            vpc_endpoint_type="Interface",
            service_name=f"com.amazonaws.{surroundings.region}.{service_name}",
            subnet_ids=self._args.subnet_ids,
            security_group_ids=[group.id],
            private_dns_enabled=True,
            policy=_own_account(service, surroundings),
            tags={"Name": name, "Purpose": service.purpose},
            opts=self._children,
        )


def _own_account(service: Service, surroundings: AwsSurroundings) -> pulumi.Output[str]:
    """A server that was taken over cannot carry data to another account this way."""
    return policy_document(
        {
            "Effect": "Allow",
            "Principal": "*",
            "Action": f"{service.prefix}:*",
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:PrincipalAccount": surroundings.account_id}},
        }
    )
