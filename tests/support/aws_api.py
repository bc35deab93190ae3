"""Recorded inputs, held against AWS's own description of its API as botocore ships it.

It knows types, enumerations, patterns and limits, where AWS has written them down; what AWS says
in prose alone (RDS names, for one) it does not know.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, Protocol

import botocore.session  # type: ignore[import-untyped] # it ships no types
from botocore.model import (  # type: ignore[import-untyped] # it ships no types
    ListShape,
    MapShape,
    Shape,
    StructureShape,
)

from tests.support.recorder import Unknown


class Resource(Protocol):
    """What is judged: a recorded registration, or whatever else has a type and inputs."""

    @property
    def type(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def inputs(self) -> Mapping[str, Any]: ...


_PAIRS: Final = r"\uD800\uDC00-\uDBFF\uDFFF"


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call that a provider makes of a resource's inputs.

    `members` says which member of the request an input becomes, with dots where it is a member's
    member; in the first call of a type, an input may also go by its own name in AWS's spelling.
    `inner` are the names within lists and structures, at any depth.
    """

    service: str
    operation: str
    members: Mapping[str, str] = field(default_factory=dict)
    inner: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Api:
    """All calls of a type; `kept` are inputs that the provider or Pulumi keeps to itself."""

    calls: tuple[Call, ...]
    kept: frozenset[str] = frozenset({"region"})
    any_case: frozenset[str] = frozenset()
    """Inputs whose enumeration the provider compares in either case."""


def faults(resource: Resource) -> list[str]:
    """What AWS would refuse, each with its place; an input that no call takes is one as well.

    Raises `LookupError` for a type that the table does not have.
    """
    if resource.type not in APIS:
        raise LookupError(f"no call is known for {resource.type}: add it to APIS")
    api = APIS[resource.type]
    found: list[str] = []
    for name, value in resource.inputs.items():
        if name in api.kept:
            continue
        target = _target(api, name)
        place = f"{resource.name}: {name}"
        if target is None:
            found.append(f"{place}: no call of {resource.type} takes it")
        else:
            call, shape = target
            found.extend(_refusals(place, value, shape, call.inner, name in api.any_case))
    return found


def known(resource: Resource) -> bool:
    """Whether `faults` can judge it."""
    return resource.type in APIS


def _target(api: Api, name: str) -> tuple[Call, Shape] | None:
    for call in api.calls:
        if name in call.members:
            return call, _member(call, call.members[name])
    first = api.calls[0]
    own = _own_spelling(name, _request(first.service, first.operation))
    return None if own is None else (first, _member(first, own))


def _member(call: Call, path: str) -> Shape:
    shape: Shape = _request(call.service, call.operation)
    for part in path.split("."):
        assert isinstance(shape, StructureShape), f"{call.operation} has no {path}"
        assert part in shape.members, f"{call.operation} has no {path}: {sorted(shape.members)}"
        shape = shape.members[part]
    return shape


def _own_spelling(name: str, shape: StructureShape) -> str | None:
    """AWS's member of that name, whatever its capitals; None when there is none."""
    same = [member for member in shape.members if member.lower() == name.lower()]
    return same[0] if same else None


@cache
def _request(service: str, operation: str) -> StructureShape:
    session = botocore.session.get_session()
    shape = session.get_service_model(service).operation_model(operation).input_shape
    assert isinstance(shape, StructureShape)
    return shape


def _refusals(
    place: str, value: Any, shape: Shape, inner: Mapping[str, str], any_case: bool
) -> Iterator[str]:
    if value is None or isinstance(value, Unknown):
        return
    if isinstance(shape, StructureShape):
        yield from _of_structure(place, value, shape, inner)
    elif isinstance(shape, ListShape):
        yield from _of_list(place, value, shape, inner)
    elif isinstance(shape, MapShape):
        yield from () if isinstance(value, Mapping) else (f"{place}: must be a map",)
    elif shape.type_name == "string":
        yield from _of_text(place, value, shape, any_case)
    elif shape.type_name == "boolean":
        yield from () if isinstance(value, bool) else (f"{place}: must be true or false",)
    elif shape.type_name in ("integer", "long", "double", "float"):
        yield from _of_number(place, value, shape)


def _of_structure(
    place: str, value: Any, shape: StructureShape, inner: Mapping[str, str]
) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{place}: must be a structure"
        return
    given = set()
    for name, part in value.items():
        member = inner.get(name) or _own_spelling(name, shape)
        if member is None or member not in shape.members:
            yield f"{place}.{name}: {shape.name} has no such member"
            continue
        given.add(member)
        yield from _refusals(f"{place}.{name}", part, shape.members[member], inner, False)
    missing = sorted(set(shape.required_members) - given)
    if missing:
        yield f"{place}: {', '.join(missing)} must be given"


def _of_list(place: str, value: Any, shape: ListShape, inner: Mapping[str, str]) -> Iterator[str]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        yield f"{place}: must be a list"
        return
    yield from _within(place, len(value), "entries", shape)
    for number, part in enumerate(value):
        yield from _refusals(f"{place}[{number}]", part, shape.member, inner, False)


def _of_text(place: str, value: Any, shape: Shape, any_case: bool) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"{place}: must be text"
        return
    allowed = shape.metadata.get("enum")
    if (
        allowed
        and value not in allowed
        and not (any_case and value.upper() in map(str.upper, allowed))
    ):
        yield f"{place}: got {value!r}; must be one of {', '.join(allowed)}"
    pattern = shape.metadata.get("pattern")
    # Java writes what is beyond 16 bits as a pair, which is no range to Python.
    pattern = pattern and pattern.replace(_PAIRS, r"\U00010000-\U0010FFFF")
    if pattern and not re.search(pattern if pattern[0] == "^" else f"^(?:{pattern})$", value):
        yield f"{place}: got {value!r}; must match {pattern}"
    yield from _within(place, len(value), "characters", shape)


def _of_number(place: str, value: Any, shape: Shape) -> Iterator[str]:
    if isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield f"{place}: must be a number"
    else:
        yield from _within(place, value, "", shape)


def _within(place: str, size: float, unit: str, shape: Shape) -> Iterator[str]:
    smallest, largest = shape.metadata.get("min"), shape.metadata.get("max")
    got = f"{size:g} {unit}".strip()
    if smallest is not None and size < smallest:
        yield f"{place}: got {got}; the least is {smallest:g}"
    if largest is not None and size > largest:
        yield f"{place}: got {got}; the most is {largest:g}"


def _kept(*names: str) -> frozenset[str]:
    return frozenset({"region", "tags", *names})


_COPY_OR_RULE: Final = {
    "targetVaultName": "TargetBackupVaultName",
    "schedule": "ScheduleExpression",
    "startWindow": "StartWindowMinutes",
    "completionWindow": "CompletionWindowMinutes",
    "deleteAfter": "DeleteAfterDays",
    "destinationVaultArn": "DestinationBackupVaultArn",
}

APIS: Final[Mapping[str, Api]] = {
    "aws:rds/instance:Instance": Api(
        calls=(
            Call(
                service="rds",
                operation="CreateDBInstance",
                members={
                    "identifier": "DBInstanceIdentifier",
                    "instanceClass": "DBInstanceClass",
                    "username": "MasterUsername",
                    "backupWindow": "PreferredBackupWindow",
                    "maintenanceWindow": "PreferredMaintenanceWindow",
                    "parameterGroupName": "DBParameterGroupName",
                    "caCertIdentifier": "CACertificateIdentifier",
                    "enabledCloudwatchLogsExports": "EnableCloudwatchLogsExports",
                    "performanceInsightsEnabled": "EnablePerformanceInsights",
                },
            ),
            Call(
                service="rds",
                operation="ModifyDBInstance",
                members={
                    "applyImmediately": "ApplyImmediately",
                    "allowMajorVersionUpgrade": "AllowMajorVersionUpgrade",
                },
            ),
            Call(
                service="rds",
                operation="DeleteDBInstance",
                members={
                    "skipFinalSnapshot": "SkipFinalSnapshot",
                    "finalSnapshotIdentifier": "FinalDBSnapshotIdentifier",
                    "deleteAutomatedBackups": "DeleteAutomatedBackups",
                },
            ),
            Call(
                service="rds",
                operation="RestoreDBInstanceFromDBSnapshot",
                members={"snapshotIdentifier": "DBSnapshotIdentifier"},
            ),
        ),
        # A call of its own, whose members are those of a structure here.
        kept=_kept("restoreToPointInTime"),
    ),
    "aws:rds/parameterGroup:ParameterGroup": Api(
        calls=(
            Call(
                service="rds",
                operation="CreateDBParameterGroup",
                members={"family": "DBParameterGroupFamily", "namePrefix": "DBParameterGroupName"},
            ),
            Call(
                service="rds",
                operation="ModifyDBParameterGroup",
                members={"parameters": "Parameters"},
                inner={"name": "ParameterName", "value": "ParameterValue"},
            ),
        ),
        kept=_kept(),
    ),
    "aws:rds/subnetGroup:SubnetGroup": Api(
        calls=(
            Call(
                service="rds",
                operation="CreateDBSubnetGroup",
                members={"description": "DBSubnetGroupDescription"},
            ),
        ),
        kept=_kept(),
    ),
    "aws:mq/broker:Broker": Api(
        calls=(
            Call(service="mq", operation="CreateBroker"),
            Call(service="mq", operation="CreateUser"),
        ),
        kept=_kept("applyImmediately"),
        any_case=frozenset({"engineType", "storageType"}),
    ),
    "aws:mq/configuration:Configuration": Api(
        calls=(
            Call(service="mq", operation="CreateConfiguration"),
            Call(
                service="mq",
                operation="UpdateConfiguration",
                members={"data": "Data", "description": "Description"},
            ),
        ),
        kept=_kept(),
        any_case=frozenset({"engineType"}),
    ),
    "aws:efs/fileSystem:FileSystem": Api(
        calls=(
            Call(service="efs", operation="CreateFileSystem"),
            Call(
                service="efs",
                operation="PutLifecycleConfiguration",
                members={"lifecyclePolicies": "LifecyclePolicies"},
                inner={
                    "transitionToIa": "TransitionToIA",
                    "transitionToPrimaryStorageClass": "TransitionToPrimaryStorageClass",
                },
            ),
        ),
        kept=_kept(),
    ),
    "aws:efs/accessPoint:AccessPoint": Api(
        calls=(Call(service="efs", operation="CreateAccessPoint"),), kept=_kept()
    ),
    "aws:efs/mountTarget:MountTarget": Api(
        calls=(Call(service="efs", operation="CreateMountTarget"),)
    ),
    "aws:efs/fileSystemPolicy:FileSystemPolicy": Api(
        calls=(Call(service="efs", operation="PutFileSystemPolicy"),)
    ),
    "aws:efs/backupPolicy:BackupPolicy": Api(
        calls=(Call(service="efs", operation="PutBackupPolicy"),)
    ),
    "aws:secretsmanager/secret:Secret": Api(
        calls=(
            Call(
                service="secretsmanager", operation="CreateSecret", members={"namePrefix": "Name"}
            ),
            Call(
                service="secretsmanager",
                operation="DeleteSecret",
                members={"recoveryWindowInDays": "RecoveryWindowInDays"},
            ),
        ),
        kept=_kept(),
    ),
    "aws:secretsmanager/secretVersion:SecretVersion": Api(
        calls=(Call(service="secretsmanager", operation="PutSecretValue"),)
    ),
    "aws:secretsmanager/secretRotation:SecretRotation": Api(
        calls=(Call(service="secretsmanager", operation="RotateSecret"),),
        # `false` is a call of its own, CancelRotateSecret.
        kept=_kept("rotationEnabled"),
    ),
    "aws:kms/key:Key": Api(
        calls=(
            Call(service="kms", operation="CreateKey"),
            Call(
                service="kms",
                operation="ScheduleKeyDeletion",
                members={"deletionWindowInDays": "PendingWindowInDays"},
            ),
        ),
        kept=_kept("enableKeyRotation"),
    ),
    "aws:kms/alias:Alias": Api(
        calls=(Call(service="kms", operation="CreateAlias", members={"namePrefix": "AliasName"}),)
    ),
    "aws:cloudwatch/logGroup:LogGroup": Api(
        calls=(
            Call(service="logs", operation="CreateLogGroup", members={"name": "logGroupName"}),
            Call(
                service="logs",
                operation="PutRetentionPolicy",
                members={"retentionInDays": "retentionInDays"},
            ),
        ),
        kept=_kept("skipDestroy"),
    ),
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": Api(
        calls=(Call(service="logs", operation="PutResourcePolicy"),)
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": Api(
        calls=(
            Call(
                service="cloudwatch",
                operation="PutMetricAlarm",
                members={"evaluateLowSampleCountPercentiles": "EvaluateLowSampleCountPercentile"},
            ),
        ),
        # The same names in another arrangement: maps for lists, and a metric within its statistic.
        kept=_kept("dimensions", "metricQueries"),
    ),
    "aws:cloudwatch/dashboard:Dashboard": Api(
        calls=(Call(service="cloudwatch", operation="PutDashboard"),)
    ),
    "aws:sns/topic:Topic": Api(
        calls=(Call(service="sns", operation="CreateTopic"),),
        # Attributes of the topic, which the API takes as a map of texts.
        kept=_kept("displayName", "kmsMasterKeyId"),
    ),
    "aws:sns/topicPolicy:TopicPolicy": Api(
        calls=(
            Call(
                service="sns",
                operation="SetTopicAttributes",
                members={"arn": "TopicArn", "policy": "AttributeValue"},
            ),
        )
    ),
    "aws:sns/topicSubscription:TopicSubscription": Api(
        calls=(Call(service="sns", operation="Subscribe", members={"topic": "TopicArn"}),)
    ),
    "aws:backup/vault:Vault": Api(
        calls=(
            Call(
                service="backup",
                operation="CreateBackupVault",
                members={"kmsKeyArn": "EncryptionKeyArn"},
            ),
        ),
        kept=_kept("forceDestroy"),
    ),
    "aws:backup/plan:Plan": Api(
        calls=(
            Call(
                service="backup",
                operation="CreateBackupPlan",
                members={"rules": "BackupPlan.Rules"},
                inner=_COPY_OR_RULE,
            ),
        ),
        kept=_kept(),
    ),
    "aws:backup/restoreTestingPlan:RestoreTestingPlan": Api(
        calls=(
            Call(
                service="backup",
                operation="CreateRestoreTestingPlan",
                members={
                    "name": "RestoreTestingPlan.RestoreTestingPlanName",
                    "recoveryPointSelection": "RestoreTestingPlan.RecoveryPointSelection",
                    "scheduleExpression": "RestoreTestingPlan.ScheduleExpression",
                    "scheduleExpressionTimezone": "RestoreTestingPlan.ScheduleExpressionTimezone",
                    "startWindowHours": "RestoreTestingPlan.StartWindowHours",
                },
            ),
        ),
        kept=_kept(),
    ),
    "aws:backup/restoreTestingSelection:RestoreTestingSelection": Api(
        calls=(
            Call(
                service="backup",
                operation="CreateRestoreTestingSelection",
                members={
                    "name": "RestoreTestingSelection.RestoreTestingSelectionName",
                    "iamRoleArn": "RestoreTestingSelection.IamRoleArn",
                    "protectedResourceArns": "RestoreTestingSelection.ProtectedResourceArns",
                    "protectedResourceType": "RestoreTestingSelection.ProtectedResourceType",
                    "validationWindowHours": "RestoreTestingSelection.ValidationWindowHours",
                },
            ),
        )
    ),
    "aws:cloudwatch/eventRule:EventRule": Api(
        calls=(Call(service="events", operation="PutRule"),), kept=_kept()
    ),
    "aws:cloudwatch/eventTarget:EventTarget": Api(
        # A target's own members are those of a list's entry there.
        calls=(Call(service="events", operation="PutTargets"),),
        kept=_kept("arn"),
    ),
    "aws:ecr/replicationConfiguration:ReplicationConfiguration": Api(
        calls=(Call(service="ecr", operation="PutReplicationConfiguration"),), kept=_kept()
    ),
    "aws:backup/selection:Selection": Api(
        calls=(
            Call(
                service="backup",
                operation="CreateBackupSelection",
                members={
                    "planId": "BackupPlanId",
                    "iamRoleArn": "BackupSelection.IamRoleArn",
                    "resources": "BackupSelection.Resources",
                },
            ),
        )
    ),
    "aws:budgets/budget:Budget": Api(
        calls=(
            Call(
                service="budgets",
                operation="CreateBudget",
                members={
                    "budgetType": "Budget.BudgetType",
                    "timeUnit": "Budget.TimeUnit",
                    "limitAmount": "Budget.BudgetLimit.Amount",
                    "limitUnit": "Budget.BudgetLimit.Unit",
                },
            ),
        ),
        # A notification and its subscribers are one structure here and two there.
        kept=_kept("notifications"),
    ),
    "aws:iam/role:Role": Api(
        calls=(
            Call(
                service="iam",
                operation="CreateRole",
                members={"assumeRolePolicy": "AssumeRolePolicyDocument", "name": "RoleName"},
            ),
        ),
        kept=_kept(),
    ),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": Api(
        calls=(Call(service="iam", operation="AttachRolePolicy", members={"role": "RoleName"}),)
    ),
    "aws:lb/targetGroup:TargetGroup": Api(
        calls=(Call(service="elbv2", operation="CreateTargetGroup"),),
        # Attributes, which the API takes as texts; a check is many members there and one here.
        kept=_kept(
            "deregistrationDelay",
            "healthCheck",
            "loadBalancingAlgorithmType",
            "slowStart",
            "stickiness",
        ),
    ),
    "aws:ec2/securityGroup:SecurityGroup": Api(
        calls=(Call(service="ec2", operation="CreateSecurityGroup"),), kept=_kept()
    ),
    "aws:autoscaling/group:Group": Api(
        calls=(
            Call(
                service="autoscaling",
                operation="CreateAutoScalingGroup",
                members={
                    "name": "AutoScalingGroupName",
                    "initialLifecycleHooks": "LifecycleHookSpecificationList",
                },
                inner={"id": "LaunchTemplateId", "name": "LifecycleHookName"},
            ),
            Call(
                service="autoscaling",
                operation="EnableMetricsCollection",
                members={"enabledMetrics": "Metrics"},
            ),
            Call(
                service="autoscaling",
                operation="SuspendProcesses",
                members={"suspendedProcesses": "ScalingProcesses"},
            ),
            Call(
                service="autoscaling",
                operation="DeleteAutoScalingGroup",
                members={"forceDelete": "ForceDelete"},
            ),
        ),
        # A list that the API takes as one text, a request of its own, and the provider's patience.
        kept=_kept("vpcZoneIdentifiers", "instanceRefresh", "waitForCapacityTimeout"),
    ),
    "aws:autoscaling/lifecycleHook:LifecycleHook": Api(
        calls=(
            Call(
                service="autoscaling",
                operation="PutLifecycleHook",
                members={"name": "LifecycleHookName"},
            ),
        )
    ),
    "aws:autoscaling/policy:Policy": Api(
        calls=(Call(service="autoscaling", operation="PutScalingPolicy"),)
    ),
    "aws:autoscaling/schedule:Schedule": Api(
        calls=(Call(service="autoscaling", operation="PutScheduledUpdateGroupAction"),)
    ),
    "aws:ec2/launchTemplate:LaunchTemplate": Api(
        calls=(
            Call(
                service="ec2",
                operation="CreateLaunchTemplate",
                members={
                    "description": "VersionDescription",
                    "imageId": "LaunchTemplateData.ImageId",
                    "instanceType": "LaunchTemplateData.InstanceType",
                    "iamInstanceProfile": "LaunchTemplateData.IamInstanceProfile",
                    "vpcSecurityGroupIds": "LaunchTemplateData.SecurityGroupIds",
                    "userData": "LaunchTemplateData.UserData",
                    "metadataOptions": "LaunchTemplateData.MetadataOptions",
                    "monitoring": "LaunchTemplateData.Monitoring",
                    "instanceInitiatedShutdownBehavior": (
                        "LaunchTemplateData.InstanceInitiatedShutdownBehavior"
                    ),
                },
            ),
        ),
        # Truth as text, and tags as maps: the provider turns both into what the API takes.
        kept=_kept("blockDeviceMappings", "tagSpecifications", "updateDefaultVersion"),
    ),
    "aws:iam/rolePolicy:RolePolicy": Api(
        calls=(
            Call(
                service="iam",
                operation="PutRolePolicy",
                members={"role": "RoleName", "policy": "PolicyDocument", "name": "PolicyName"},
            ),
        )
    ),
    "aws:iam/instanceProfile:InstanceProfile": Api(
        calls=(
            Call(
                service="iam",
                operation="AddRoleToInstanceProfile",
                members={"role": "RoleName", "name": "InstanceProfileName"},
            ),
        ),
        kept=_kept(),
    ),
    "aws:ecr/repository:Repository": Api(
        calls=(
            Call(service="ecr", operation="CreateRepository"),
            Call(service="ecr", operation="DeleteRepository", members={"forceDelete": "force"}),
        ),
        # A list of one here, and a structure there.
        kept=_kept("encryptionConfigurations"),
    ),
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": Api(
        calls=(
            Call(
                service="ecr",
                operation="PutLifecyclePolicy",
                members={"repository": "repositoryName", "policy": "lifecyclePolicyText"},
            ),
        )
    ),
}
