"""The few functions that a program may call, answered from the provider's own surroundings."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from tests.engine.doubles.aws.errors import NotServedError
from tests.engine.doubles.aws.surroundings import Surroundings

Arguments = Mapping[str, Any]

RESTORED_GIB = 300
"""What any source of a restore has."""


def call(token: str, arguments: Arguments, where: Surroundings) -> dict[str, Any]:
    """The function's result."""
    if token not in _FUNCTIONS:
        raise NotServedError(f"The double of AWS has no function {token}; there are {_NAMES}.")
    return _FUNCTIONS[token](arguments, where)


def _caller_identity(_arguments: Arguments, where: Surroundings) -> dict[str, Any]:
    arn = where.arn("sts", "assumed-role/deployer/session", everywhere=True)
    account = where.account_id
    return {"accountId": account, "arn": arn, "id": account, "userId": "AROAEXAMPLE:session"}


def _partition(_arguments: Arguments, where: Surroundings) -> dict[str, Any]:
    suffix = "amazonaws.com.cn" if where.partition == "aws-cn" else "amazonaws.com"
    reverse = ".".join(reversed(suffix.split(".")))
    partition = where.partition
    return {
        "partition": partition,
        "id": partition,
        "dnsSuffix": suffix,
        "reverseDnsPrefix": reverse,
    }


def _region(arguments: Arguments, where: Surroundings) -> dict[str, Any]:
    name = arguments.get("region") or arguments.get("name") or where.region
    return {
        "id": name,
        "name": name,
        "region": name,
        "description": name,
        "endpoint": f"ec2.{name}.amazonaws.com",
    }


def _ami(arguments: Arguments, where: Surroundings) -> dict[str, Any]:
    id_ = f"ami-{_digits(str(sorted(map(str, arguments.items()))))}"
    return {
        "id": id_,
        "imageId": id_,
        "arn": where.arn("ec2", f"image/{id_}"),
        "architecture": "x86_64",
        "name": "al2023-ami-2023.9.20260101.0-kernel-6.12-x86_64",
        "rootDeviceName": "/dev/xvda",
    }


def _parameter(arguments: Arguments, where: Surroundings) -> dict[str, Any]:
    """Of the public parameters, those that name Amazon's own images."""
    name = str(arguments["name"])
    if not name.startswith("/aws/service/ami-amazon-linux-latest/"):
        raise NotServedError(f"The double of AWS has no parameter {name}.")
    value = f"ami-{_digits(name)}"
    return {
        "arn": where.arn("ssm", f"parameter{name}"),
        "id": name,
        "name": name,
        "type": "String",
        "value": value,
        "insecureValue": value,
        "version": 1,
    }


def _registry_token(_arguments: Arguments, where: Surroundings) -> dict[str, Any]:
    host = f"{where.account_id}.dkr.ecr.{where.region}.amazonaws.com"
    password = _digits(host) * 4
    return {
        "id": where.region,
        "authorizationToken": base64.b64encode(f"AWS:{password}".encode()).decode(),
        "userName": "AWS",
        "password": password,
        "proxyEndpoint": f"https://{host}",
        "expiresAt": "2026-01-01T12:00:00Z",
    }


def _balancer_account(_arguments: Arguments, where: Surroundings) -> dict[str, Any]:
    # Frankfurt's; the number matters to nobody here.
    return {"id": "054676820928", "arn": f"arn:{where.partition}:iam::054676820928:root"}


def _prefix_list(arguments: Arguments, where: Surroundings) -> dict[str, Any]:
    id_ = f"pl-{_digits(str(arguments.get('name')))[:8]}"
    return {
        "id": id_,
        "name": arguments.get("name"),
        "arn": where.arn("ec2", f"prefix-list/{id_}"),
        "entries": [],
    }


def _vpc(arguments: Arguments, where: Surroundings) -> dict[str, Any]:
    """One that is there already, as the settings' example has it."""
    id_ = str(arguments["id"])
    return {
        "id": id_,
        "arn": where.arn("ec2", f"vpc/{id_}"),
        "cidrBlock": "10.42.0.0/16",
        "cidrBlockAssociations": [],
        "enableDnsHostnames": True,
        "enableDnsSupport": True,
        "ownerId": where.account_id,
    }


def _subnet(arguments: Arguments, where: Surroundings) -> dict[str, Any]:
    """One that is there already; its zone is the one that its id's last digit names."""
    id_ = str(arguments["id"])
    zone = "abc"[int(id_[-1], 16) % 3]
    return {
        "id": id_,
        "arn": where.arn("ec2", f"subnet/{id_}"),
        "availabilityZone": f"{where.region}{zone}",
        "cidrBlock": f"10.42.{int(id_[-1], 16)}.0/24",
        "availableIpAddressCount": 250,
    }


def _database_source(_arguments: Arguments, _where: Surroundings) -> dict[str, Any]:
    """A snapshot, or an instance: its disk has grown since it was made."""
    return {"allocatedStorage": RESTORED_GIB, "engine": "postgres", "engineVersion": "16.13"}


def _managed_policy(arguments: Arguments, where: Surroundings) -> dict[str, Any]:
    """CloudFront's own policies, by name."""
    digits = _digits(str(arguments.get("name")))
    return {"id": f"{digits[:8]}-{digits[8:12]}", "name": arguments.get("name")}


def _digits(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:17]


_FUNCTIONS: Mapping[str, Callable[[Arguments, Surroundings], dict[str, Any]]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": _caller_identity,
    "aws:index/getPartition:getPartition": _partition,
    "aws:index/getRegion:getRegion": _region,
    "aws:ec2/getVpc:getVpc": _vpc,
    "aws:ec2/getSubnet:getSubnet": _subnet,
    "aws:ec2/getAmi:getAmi": _ami,
    "aws:ec2/getManagedPrefixList:getManagedPrefixList": _prefix_list,
    "aws:rds/getInstance:getInstance": _database_source,
    "aws:rds/getSnapshot:getSnapshot": _database_source,
    "aws:ssm/getParameter:getParameter": _parameter,
    "aws:ecr/getAuthorizationToken:getAuthorizationToken": _registry_token,
    "aws:elb/getServiceAccount:getServiceAccount": _balancer_account,
    "aws:cloudfront/getCachePolicy:getCachePolicy": _managed_policy,
    "aws:cloudfront/getOriginRequestPolicy:getOriginRequestPolicy": _managed_policy,
}
_NAMES = ", ".join(name.split(":")[-1] for name in _FUNCTIONS)
