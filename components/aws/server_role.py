"""What the servers of the nodes may do in the account."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import iam

from components.aws.policy_document import Statement, assumed_by, policy_document
from components.aws.surroundings import AwsSurroundings


@dataclass(frozen=True, kw_only=True)
class SharedFilesAccess:
    """A file system, and the one access point by which it is entered."""

    file_system_arn: pulumi.Input[str]
    access_point_arn: pulumi.Input[str]


@dataclass(frozen=True, kw_only=True)
class ServerRoleArgs:
    """`repository_arns` are pulled from, `secret_arns` read, and nothing else of their kind.
    `preparation_secret_arns` are read as well, until the server's node has served.

    `group_names` are the Auto Scaling groups whose lifecycle actions the servers complete.
    `secret_key_arns` are the customers' keys that the secrets are encrypted with; none are needed
    for Amazon's own. `shared_files` is None for servers without them.
    """

    surroundings: AwsSurroundings
    repository_arns: Sequence[pulumi.Input[str]]
    secret_arns: Sequence[pulumi.Input[str]]
    preparation_secret_arns: Sequence[pulumi.Input[str]]
    secret_key_arns: Sequence[pulumi.Input[str]]
    log_group_arn: pulumi.Input[str]
    group_names: Sequence[str]
    shared_files: SharedFilesAccess | None


@dataclass(frozen=True, kw_only=True)
class ServerProfiles:
    """ARNs of instance profiles: what a server is launched with, and what it changes to once its
    node has served.
    """

    launched: pulumi.Input[str]
    serving: pulumi.Input[str]


class ServerRole(pulumi.ComponentResource):
    """Two roles that EC2 instances take on, one after the other, with all their permissions:
    what gets a profile's ARN waits for them.

    A server is launched in the first one, which reads the administrators' secrets and may change
    the server to the second one, which does not.
    """

    profiles: ServerProfiles

    def __init__(
        self, name: str, args: ServerRoleArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:ServerRole", name, None, opts)
        self._children = pulumi.ResourceOptions(parent=self)
        serving, serving_role = self._profile(name, _statements(args, args.secret_arns))
        secrets = [*args.secret_arns, *args.preparation_secret_arns]
        preparing, _ = self._profile(
            f"{name}-preparation",
            [*_statements(args, secrets), *_lower_rights(args.surroundings, serving_role)],
        )
        self.profiles = ServerProfiles(launched=preparing.arn, serving=serving.arn)
        self.register_outputs({"launchedArn": preparing.arn, "servingArn": serving.arn})

    def _profile(
        self, name: str, statements: Sequence[Statement]
    ) -> "tuple[iam.InstanceProfile, iam.Role]":
        role = iam.Role(
            name, assume_role_policy=assumed_by("ec2.amazonaws.com"), opts=self._children
        )
        policy = iam.RolePolicy(
            name, role=role.name, policy=policy_document(*statements), opts=self._children
        )
        profile = iam.InstanceProfile(
            name,
            role=role.name,
            # A server that boots before its permissions are there fails its first start.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )
        return profile, role


def _statements(args: ServerRoleArgs, secret_arns: Sequence[pulumi.Input[str]]) -> list[Statement]:
    statements = [_session_manager(), _log(args), _lifecycle(args), _secrets(secret_arns)]
    if args.secret_key_arns:
        statements.append(_secret_keys(args))
    if args.repository_arns:
        statements += [_registry_login(), _pull(args)]
    if args.shared_files is not None:
        statements.append(_mount(args.shared_files))
    return statements


def _session_manager() -> Statement:
    """Less than AmazonSSMManagedInstanceCore, which reads every parameter of the account.

    AWS takes no resource for these (systems-manager/latest/userguide/getting-started-create-iam-
    instance-profile).
    """
    return {
        "Sid": "SessionManager",
        "Effect": "Allow",
        "Action": [
            "ssm:UpdateInstanceInformation",
            "ssmmessages:CreateControlChannel",
            "ssmmessages:CreateDataChannel",
            "ssmmessages:OpenControlChannel",
            "ssmmessages:OpenDataChannel",
        ],
        "Resource": "*",
    }


def _log(args: ServerRoleArgs) -> Statement:
    """Not CreateLogGroup: a group that a node made would have no retention."""
    return {
        "Sid": "Log",
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": pulumi.Output.concat(args.log_group_arn, ":*"),
    }


def _lifecycle(args: ServerRoleArgs) -> Statement:
    return {
        "Sid": "Lifecycle",
        "Effect": "Allow",
        "Action": [
            "autoscaling:CompleteLifecycleAction",
            "autoscaling:RecordLifecycleActionHeartbeat",
            # For a server that EC2 takes back: its group is to start another one now.
            "autoscaling:SetInstanceHealth",
        ],
        # The middle part is an id that AWS gives; names are the stack's own.
        "Resource": [
            args.surroundings.arn("autoscaling", f"autoScalingGroup:*:autoScalingGroupName/{name}")
            for name in args.group_names
        ],
    }


def _secrets(secret_arns: Sequence[pulumi.Input[str]]) -> Statement:
    return {
        "Sid": "Secrets",
        "Effect": "Allow",
        "Action": "secretsmanager:GetSecretValue",
        "Resource": list(secret_arns),
    }


def _lower_rights(surroundings: AwsSurroundings, serving: "iam.Role") -> Sequence[Statement]:
    """A server of the cluster gets the serving role, and no other one."""
    return (
        {
            # AWS takes no resource for it (IAM reference of EC2).
            "Sid": "OwnProfile",
            "Effect": "Allow",
            "Action": "ec2:DescribeIamInstanceProfileAssociations",
            "Resource": "*",
        },
        {
            "Sid": "AnotherProfile",
            "Effect": "Allow",
            "Action": "ec2:ReplaceIamInstanceProfileAssociation",
            "Resource": surroundings.arn("ec2", "instance/*"),
            "Condition": {"StringEquals": {"ec2:ResourceTag/Cluster": surroundings.cluster}},
        },
        {
            "Sid": "TheServingRole",
            "Effect": "Allow",
            "Action": "iam:PassRole",
            "Resource": serving.arn,
            "Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
        },
    )


def _secret_keys(args: ServerRoleArgs) -> Statement:
    """Only by way of Secrets Manager: the key encrypts other things too."""
    surroundings = args.surroundings
    service = f"secretsmanager.{surroundings.region}.{surroundings.dns_suffix}"
    return {
        "Sid": "SecretKeys",
        "Effect": "Allow",
        "Action": "kms:Decrypt",
        "Resource": list(args.secret_key_arns),
        "Condition": {"StringEquals": {"kms:ViaService": service}},
    }


def _registry_login() -> Statement:
    """AWS takes no resource for it: the token is the account's (IAM reference of ECR)."""
    return {
        "Sid": "RegistryLogin",
        "Effect": "Allow",
        "Action": "ecr:GetAuthorizationToken",
        "Resource": "*",
    }


def _pull(args: ServerRoleArgs) -> Statement:
    return {
        "Sid": "Pull",
        "Effect": "Allow",
        "Action": [
            "ecr:BatchCheckLayerAvailability",
            "ecr:BatchGetImage",
            "ecr:GetDownloadUrlForLayer",
        ],
        "Resource": list(args.repository_arns),
    }


def _mount(files: SharedFilesAccess) -> Statement:
    """Not ClientRootAccess: the access point makes everyone the nodes' own user."""
    return {
        "Sid": "SharedFiles",
        "Effect": "Allow",
        "Action": ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
        "Resource": files.file_system_arn,
        "Condition": {"StringEquals": {"elasticfilesystem:AccessPointArn": files.access_point_arn}},
    }
