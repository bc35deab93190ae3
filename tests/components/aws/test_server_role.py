"""The servers' role: what it may do, and that it may do no more."""

import json
from typing import Any

import pytest

from components.aws.server_role import ServerRole, ServerRoleArgs, SharedFilesAccess
from components.aws.surroundings import AwsSurroundings
from tests.components.aws.sections import KEY_ARN, api_faults, recorded, surroundings
from tests.support.recorder import Recording

REPOSITORY = "arn:aws:ecr:eu-central-1:123456789012:repository/scipio"
SECRETS = ["arn:aws:secretsmanager:eu-central-1:123456789012:secret:a-AbCdEf"]
ADMINISTRATORS = ["arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!db-b-AbCdEf"]
LOG_GROUP = "arn:aws:logs:eu-central-1:123456789012:log-group:/scipio-prod/nodes"
FILES = SharedFilesAccess(
    file_system_arn="arn:aws:elasticfilesystem:eu-central-1:123456789012:file-system/fs-1",
    access_point_arn="arn:aws:elasticfilesystem:eu-central-1:123456789012:access-point/fsap-1",
)


def role(**changes: Any) -> Recording:
    given: dict[str, Any] = {
        "surroundings": surroundings(),
        "repository_arns": [REPOSITORY],
        "secret_arns": SECRETS,
        "preparation_secret_arns": ADMINISTRATORS,
        "secret_key_arns": [KEY_ARN],
        "log_group_arn": LOG_GROUP,
        "group_names": ["scipio-prod-blue", "scipio-prod-green"],
        "shared_files": FILES,
    }
    args = ServerRoleArgs(**{**given, **changes})
    return recorded(lambda: ServerRole("scipio-prod-app", args))


def statements(recording: Recording, name: str = "scipio-prod-app") -> dict[str, dict[str, Any]]:
    """Of the role in which a node serves."""
    policy = recording.named("RolePolicy", name)
    document = json.loads(policy.inputs["policy"])
    assert document["Version"] == "2012-10-17"
    return {statement["Sid"]: statement for statement in document["Statement"]}


def test_only_what_aws_cannot_narrow_is_allowed_on_everything() -> None:
    """The log-in to ECR, and the channels of Session Manager."""
    everywhere = {
        name for name, each in statements(role()).items() if "*" in (each["Resource"], "")
    }
    assert everywhere == {"SessionManager", "RegistryLogin"}


def test_no_action_is_a_wildcard() -> None:
    """Each is written out."""
    for statement in statements(role()).values():
        assert "*" not in json.dumps(statement["Action"])


def test_secrets_are_read_by_their_full_arn_and_decrypted_through_secrets_manager_alone() -> None:
    """The key encrypts database and volumes too."""
    found = statements(role())

    assert found["Secrets"]["Resource"] == SECRETS
    assert found["SecretKeys"] == {
        "Sid": "SecretKeys",
        "Effect": "Allow",
        "Action": "kms:Decrypt",
        "Resource": [KEY_ARN],
        "Condition": {
            "StringEquals": {"kms:ViaService": "secretsmanager.eu-central-1.amazonaws.com"}
        },
    }


def test_the_administrators_secrets_are_for_the_preparation_alone() -> None:
    """Then the server gives them up, by a profile that it may change to and no other."""
    recording = role()
    serving, first = statements(recording), statements(recording, "scipio-prod-app-preparation")
    serving_role = recording.named("iam/role:Role", "scipio-prod-app").outputs["arn"]

    assert "rds!" not in json.dumps(serving)
    assert first.pop("Secrets")["Resource"] == [*SECRETS, *ADMINISTRATORS]
    assert first.pop("OwnProfile")["Action"] == "ec2:DescribeIamInstanceProfileAssociations"
    assert first.pop("AnotherProfile") == {
        "Sid": "AnotherProfile",
        "Effect": "Allow",
        "Action": "ec2:ReplaceIamInstanceProfileAssociation",
        "Resource": "arn:aws:ec2:eu-central-1:123456789012:instance/*",
        "Condition": {"StringEquals": {"ec2:ResourceTag/Cluster": "scipio-prod"}},
    }
    assert first.pop("TheServingRole") == {
        "Sid": "TheServingRole",
        "Effect": "Allow",
        "Action": "iam:PassRole",
        "Resource": serving_role,
        "Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
    }
    assert first == {sid: each for sid, each in serving.items() if sid != "Secrets"}


def test_in_china_the_service_has_its_own_domain() -> None:
    """A wrong name would refuse every secret."""
    china = AwsSurroundings(
        cluster="scipio-prod",
        region="cn-north-1",
        partition="aws-cn",
        account_id="123456789012",
        tags={},
        protect=True,
    )
    found = statements(role(surroundings=china))

    condition = found["SecretKeys"]["Condition"]["StringEquals"]
    assert condition == {"kms:ViaService": "secretsmanager.cn-north-1.amazonaws.com.cn"}
    assert all(arn.startswith("arn:aws-cn:") for arn in found["Lifecycle"]["Resource"])


def test_lifecycle_actions_are_those_of_the_servers_own_groups() -> None:
    """A node of one cluster cannot let another cluster's servers go."""
    assert statements(role())["Lifecycle"]["Resource"] == [
        "arn:aws:autoscaling:eu-central-1:123456789012:autoScalingGroup:*:"
        f"autoScalingGroupName/scipio-prod-{colour}"
        for colour in ("blue", "green")
    ]


def test_a_server_tells_its_group_of_its_end_and_nothing_else() -> None:
    """It cannot change the group's size, or end a server of another group."""
    assert statements(role())["Lifecycle"]["Action"] == [
        "autoscaling:CompleteLifecycleAction",
        "autoscaling:RecordLifecycleActionHeartbeat",
        "autoscaling:SetInstanceHealth",
    ]


def test_logs_go_to_the_one_group_and_no_group_is_made() -> None:
    """One that a node made would be kept for ever."""
    statement = statements(role())["Log"]

    assert statement["Resource"] == f"{LOG_GROUP}:*"
    assert statement["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]


def test_the_file_system_is_entered_by_its_access_point_alone() -> None:
    """Without root's rights."""
    statement = statements(role())["SharedFiles"]

    assert statement["Resource"] == FILES.file_system_arn
    assert "elasticfilesystem:ClientRootAccess" not in statement["Action"]
    assert statement["Condition"] == {
        "StringEquals": {"elasticfilesystem:AccessPointArn": FILES.access_point_arn}
    }


@pytest.mark.parametrize(
    ("change", "gone"),
    [
        ({"shared_files": None}, {"SharedFiles"}),
        ({"secret_key_arns": []}, {"SecretKeys"}),
        ({"repository_arns": []}, {"RegistryLogin", "Pull"}),
    ],
)
def test_what_is_not_there_is_not_allowed(change: dict[str, Any], gone: set[str]) -> None:
    """A search server has no files, an image from elsewhere no repository."""
    assert set(statements(role())) - set(statements(role(**change))) == gone


def test_ec2_alone_takes_on_the_role_and_its_servers_wait_for_its_permissions() -> None:
    """A server that boots before them fails its first start."""
    recording = role()

    for name in ("scipio-prod-app", "scipio-prod-app-preparation"):
        trust = recording.named("iam/role:Role", name)
        [statement] = json.loads(trust.inputs["assumeRolePolicy"])["Statement"]
        assert statement["Principal"] == {"Service": "ec2.amazonaws.com"}
        policy = recording.named("RolePolicy", name)
        assert policy.urn in recording.named("InstanceProfile", name).depends_on


def test_aws_accepts_every_argument() -> None:
    """By its own description of the API."""
    assert api_faults(role()) == []
