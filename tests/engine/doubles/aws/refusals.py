"""What AWS refuses of well-formed arguments: names in use, things in use, and locks."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.engine.doubles.aws.account import Account, Thing
from tests.engine.doubles.aws.codec import leaves
from tests.engine.doubles.aws.errors import AwsRefusalError
from tests.engine.doubles.aws.functions import RESTORED_GIB
from tests.engine.doubles.aws.names import name_argument

FAIL_VARIABLE = "AWS_DOUBLE_FAIL"
"""Path of a file with lines `create|update|delete <type> <logical name>`: each fails once."""


class Use(NamedTuple):
    """Resources of `holder` keep what stands in their `arguments` from being deleted."""

    holder: str
    arguments: tuple[str, ...]
    code: str


_IN_SUBNET = "DependencyViolation"

HELD: Mapping[str, tuple[Use, ...]] = {
    "aws:acm/certificate:Certificate": (
        Use("aws:lb/listener:Listener", ("certificateArn",), "ResourceInUseException"),
        Use(
            "aws:lb/listenerCertificate:ListenerCertificate",
            ("certificateArn",),
            "ResourceInUseException",
        ),
        Use(
            "aws:cloudfront/distribution:Distribution",
            ("viewerCertificate",),
            "ResourceInUseException",
        ),
    ),
    "aws:ec2/eip:Eip": (
        Use("aws:ec2/natGateway:NatGateway", ("allocationId",), "InvalidIPAddress.InUse"),
    ),
    "aws:ec2/securityGroup:SecurityGroup": (
        Use("aws:lb/loadBalancer:LoadBalancer", ("securityGroups",), "DependencyViolation"),
        Use("aws:rds/instance:Instance", ("vpcSecurityGroupIds",), "DependencyViolation"),
        Use("aws:mq/broker:Broker", ("securityGroups",), "DependencyViolation"),
        Use("aws:efs/mountTarget:MountTarget", ("securityGroups",), "DependencyViolation"),
        Use("aws:ec2/vpcEndpoint:VpcEndpoint", ("securityGroupIds",), "DependencyViolation"),
        Use(
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            ("referencedSecurityGroupId",),
            "DependencyViolation",
        ),
        Use(
            "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
            ("referencedSecurityGroupId",),
            "DependencyViolation",
        ),
    ),
    "aws:ec2/subnet:Subnet": (
        Use("aws:lb/loadBalancer:LoadBalancer", ("subnets", "subnetMappings"), _IN_SUBNET),
        Use("aws:rds/subnetGroup:SubnetGroup", ("subnetIds",), _IN_SUBNET),
        Use("aws:mq/broker:Broker", ("subnetIds",), _IN_SUBNET),
        Use("aws:efs/mountTarget:MountTarget", ("subnetId",), _IN_SUBNET),
        Use("aws:ec2/natGateway:NatGateway", ("subnetId",), _IN_SUBNET),
        Use("aws:ec2/vpcEndpoint:VpcEndpoint", ("subnetIds",), _IN_SUBNET),
        Use("aws:autoscaling/group:Group", ("vpcZoneIdentifiers",), _IN_SUBNET),
    ),
    "aws:ec2/routeTable:RouteTable": (
        Use(
            "aws:ec2/routeTableAssociation:RouteTableAssociation",
            ("routeTableId",),
            "DependencyViolation",
        ),
    ),
    "aws:ec2/vpc:Vpc": tuple(
        Use(holder, ("vpcId",), "DependencyViolation")
        for holder in (
            "aws:ec2/subnet:Subnet",
            "aws:ec2/securityGroup:SecurityGroup",
            "aws:ec2/internetGateway:InternetGateway",
            "aws:ec2/routeTable:RouteTable",
            "aws:ec2/vpcEndpoint:VpcEndpoint",
        )
    ),
    "aws:efs/fileSystem:FileSystem": (
        Use("aws:efs/mountTarget:MountTarget", ("fileSystemId",), "FileSystemInUse"),
    ),
    "aws:iam/policy:Policy": (
        Use("aws:iam/rolePolicyAttachment:RolePolicyAttachment", ("policyArn",), "DeleteConflict"),
    ),
    "aws:iam/role:Role": (
        Use("aws:iam/rolePolicyAttachment:RolePolicyAttachment", ("role",), "DeleteConflict"),
        Use("aws:iam/rolePolicy:RolePolicy", ("role",), "DeleteConflict"),
        Use("aws:iam/instanceProfile:InstanceProfile", ("role",), "DeleteConflict"),
    ),
    "aws:lb/targetGroup:TargetGroup": (
        Use("aws:lb/listener:Listener", ("defaultActions",), "ResourceInUse"),
        Use("aws:lb/listenerRule:ListenerRule", ("actions",), "ResourceInUse"),
    ),
    "aws:mq/configuration:Configuration": (
        Use("aws:mq/broker:Broker", ("configuration",), "ConflictException"),
    ),
    "aws:rds/parameterGroup:ParameterGroup": (
        Use("aws:rds/instance:Instance", ("parameterGroupName",), "InvalidDBParameterGroupState"),
    ),
    "aws:rds/subnetGroup:SubnetGroup": (
        Use("aws:rds/instance:Instance", ("dbSubnetGroupName",), "InvalidDBSubnetGroupStateFault"),
    ),
    "aws:wafv2/webAcl:WebAcl": (
        Use(
            "aws:wafv2/webAclAssociation:WebAclAssociation",
            ("webAclArn",),
            "WAFAssociatedItemException",
        ),
    ),
}

CONTENTS: Mapping[str, tuple[str, str]] = {
    "aws:ecr/repository:Repository": ("forceDelete", "RepositoryNotEmptyException"),
    "aws:s3/bucket:Bucket": ("forceDestroy", "BucketNotEmpty"),
    "aws:backup/vault:Vault": ("forceDestroy", "InvalidRequestException"),
}
"""What is deleted with its contents only where an argument says so; tests fill it (`contents`)."""

LOCKS: Mapping[str, tuple[str, str]] = {
    "aws:lb/loadBalancer:LoadBalancer": ("enableDeletionProtection", "OperationNotPermitted"),
    "aws:rds/instance:Instance": ("deletionProtection", "InvalidParameterCombination"),
}

ONCE = {"aws:efs/mountTarget:MountTarget": ("fileSystemId", "subnetId")}
"""Of which one exists for each value of these arguments: one mount target a subnet."""


def check_new(account: Account, type_: str, name: str, inputs: Mapping[str, Any]) -> None:
    """Refuse what AWS would not make."""
    _fail_once("create", type_, name)
    _refuse_deleted(account, name, inputs)
    _refuse_taken_name(account, type_, inputs)
    for argument_names in filter(None, [ONCE.get(type_)]):
        for other in account.of_type(type_):
            if all(other.inputs.get(each) == inputs.get(each) for each in argument_names):
                raise AwsRefusalError("MountTargetConflict", f"{other.id} is there already")
    _refuse_by_its_own_rules(type_, inputs)


def check_change(account: Account, thing: Thing, inputs: Mapping[str, Any]) -> None:
    """Refuse a change in place."""
    _fail_once("update", thing.type, thing.name)
    _refuse_deleted(account, thing.name, inputs)
    if thing.type == "aws:rds/instance:Instance":
        refuse_database_change(thing.inputs, inputs)
    _refuse_by_its_own_rules(thing.type, inputs)


def check_deletion(account: Account, thing: Thing) -> None:
    """Refuse to delete what is locked, filled or in use."""
    _fail_once("delete", thing.type, thing.name)
    _refuse_locked(thing)
    argument, code = CONTENTS.get(thing.type, ("", ""))
    if thing.outputs.get("contents") and not thing.inputs.get(argument):
        raise AwsRefusalError(code, f"{thing.id} is not empty; set {argument} to delete it")
    for use in HELD.get(thing.type, ()):
        for holder in account.of_type(use.holder):
            if _refers(holder, use.arguments, thing):
                raise AwsRefusalError(
                    use.code, f"{thing.name} ({thing.id}) is in use by {holder.name} ({holder.id})"
                )


def reserve_name(account: Account, thing: Thing) -> None:
    """A deleted secret keeps its name until its recovery window has passed."""
    window = thing.inputs.get("recoveryWindowInDays", 30)
    if thing.type == "aws:secretsmanager/secret:Secret" and window:
        account.reserved_names.append(str(thing.outputs["name"]))


def _refers(holder: Thing, arguments: tuple[str, ...], thing: Thing) -> bool:
    known_as = {thing.id, thing.outputs.get("arn"), thing.outputs.get("name")} - {None}
    given = {argument: holder.inputs.get(argument) for argument in arguments}
    return any(isinstance(leaf, str) and leaf in known_as for leaf in leaves(given))


def _refuse_locked(thing: Thing) -> None:
    argument, code = LOCKS.get(thing.type, ("", ""))
    if thing.inputs.get(argument):
        raise AwsRefusalError(code, f"{thing.name} cannot be deleted: {argument} is set")
    if thing.type == "aws:rds/instance:Instance" and not (
        thing.inputs.get("skipFinalSnapshot") or thing.inputs.get("finalSnapshotIdentifier")
    ):
        raise AwsRefusalError(
            "InvalidParameterCombination",
            "finalSnapshotIdentifier is required when skipFinalSnapshot is false",
        )


def _refuse_deleted(account: Account, name: str, inputs: Mapping[str, Any]) -> None:
    gone = set(account.deleted_ids) & {leaf for leaf in leaves(inputs) if isinstance(leaf, str)}
    # Names come back with a new resource of the same name; ids and ARNs never do.
    there = {thing.id for thing in account.things}
    for id_ in sorted(gone - there):
        if re.match(r"[a-z]+-[0-9a-f]{8,}|arn:", id_):
            raise AwsRefusalError("NotFound", f"{name} names {id_}, which was deleted")


def _refuse_taken_name(account: Account, type_: str, inputs: Mapping[str, Any]) -> None:
    argument = name_argument(type_, dict(inputs))
    name = inputs.get(argument) if argument else None
    if name is None or type_ in ("aws:route53/record:Record", "aws:iam/rolePolicy:RolePolicy"):
        return
    if name in account.reserved_names and type_.startswith("aws:secretsmanager/"):
        raise AwsRefusalError(
            "InvalidRequestException", f"a secret {name} is already scheduled for deletion"
        )
    for other in account.of_type(type_):
        if other.inputs.get(str(argument)) == name and _same_scope(other.inputs, inputs):
            raise AwsRefusalError("AlreadyExists", f"{type_} {name} exists already")


def _same_scope(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Names of what belongs to a group or a network are unique within it."""
    return all(
        one.get(each) == other.get(each)
        for each in ("autoscalingGroupName", "vpcId", "region", "logGroupName", "scope", "planId")
    )


def _refuse_by_its_own_rules(type_: str, inputs: Mapping[str, Any]) -> None:
    if type_ == "aws:mq/broker:Broker":
        _refuse_broker(inputs)
    if type_ == "aws:rds/instance:Instance":
        _refuse_restore(inputs)
    if type_ == "aws:ec2/launchTemplate:LaunchTemplate":
        _refuse_user_data(inputs)


def _refuse_restore(inputs: Mapping[str, Any]) -> None:
    """The provider restores first and asks for a change of size and version then."""
    if not (inputs.get("snapshotIdentifier") or inputs.get("restoreToPointInTime")):
        return
    refuse_database_change({"allocatedStorage": RESTORED_GIB}, inputs)
    if inputs.get("engineVersion"):
        raise AwsRefusalError(
            "InvalidParameterCombination",
            f"Cannot upgrade postgres from 16.13 to {inputs['engineVersion']}",
        )


def refuse_database_change(now: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """A disk never shrinks, and its limit is a tenth above it at least; a major version is changed
    only where that is allowed by name."""
    gib, limit = wanted.get("allocatedStorage", 0), wanted.get("maxAllocatedStorage") or 0
    if gib < now.get("allocatedStorage", 0):
        raise AwsRefusalError(
            "InvalidParameterCombination", f"{gib} GiB is less than the disk has now"
        )
    if limit and limit * 10 < gib * 11:
        raise AwsRefusalError(
            "InvalidParameterCombination", f"maxAllocatedStorage {limit} is too close to {gib}"
        )
    if now.get("engineVersion") not in (None, wanted.get("engineVersion")) and not wanted.get(
        "allowMajorVersionUpgrade"
    ):
        raise AwsRefusalError(
            "InvalidParameterCombination", "AllowMajorVersionUpgrade must be set for this upgrade"
        )


def _refuse_broker(inputs: Mapping[str, Any]) -> None:
    if not inputs.get("autoMinorVersionUpgrade"):
        raise AwsRefusalError(
            "BadRequestException",
            "Broker engine version 5.18 or later must have [autoMinorVersionUpgrade] set to [true]",
        )
    if inputs["engineVersion"] not in ("5.18", "5.19"):
        raise AwsRefusalError(
            "BadRequestException",
            f"engine version {inputs['engineVersion']} is not valid. Valid values: [5.19, 5.18]",
        )
    subnets = 2 if inputs.get("deploymentMode") == "ACTIVE_STANDBY_MULTI_AZ" else 1
    if len(inputs.get("subnetIds") or []) != subnets:
        raise AwsRefusalError(
            "BadRequestException", f"this deployment mode takes {subnets} subnets"
        )
    for user in inputs.get("users") or []:
        password = str(user["password"])
        if not 12 <= len(password) <= 250 or set(password) & set(",:="):
            raise AwsRefusalError(
                "BadRequestException", f"the password of {user['username']} is not accepted"
            )


def _refuse_user_data(inputs: Mapping[str, Any]) -> None:
    encoded = str(inputs.get("userData") or "")
    # Four characters of base64 are three bytes.
    if len(encoded) * 3 // 4 > 16 * 1024:
        raise AwsRefusalError("InvalidUserData.Malformed", "User data is limited to 16384 bytes")


def _fail_once(operation: str, type_: str, name: str) -> None:
    path = Path(os.environ[FAIL_VARIABLE]) if FAIL_VARIABLE in os.environ else None
    if path is None or not path.exists():
        return
    asked = path.read_text(encoding="utf-8").splitlines()
    line = f"{operation} {type_} {name}"
    if line in asked:
        asked.remove(line)
        path.write_text("\n".join(asked), encoding="utf-8")
        raise AwsRefusalError("InternalFailure", f"AWS was asked to fail: {line}")
