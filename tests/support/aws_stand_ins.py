"""What the recorder answers for a resource of AWS, in the shapes that AWS itself uses."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Final

Answer = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]

REGION: Final = "eu-central-1"
ACCOUNT_ID: Final = "123456789012"
ZONE_ID: Final = "Z215JYRZR1TBD5"


def outputs_of(type_: str) -> Answer:
    """The answer for a type; one without outputs of its own gets a name and an ARN."""
    return _OUTPUTS.get(type_, lambda name, inputs: _common(type_, name, inputs))


def id_of(type_: str, name: str) -> str:
    """An id in the shape that the service gives it; `<name>-id` where nothing checks the shape."""
    prefix = _ID_PREFIXES.get(type_)
    return f"{name}-id" if prefix is None else f"{prefix}-{hexadecimal(name, 17)}"


def hexadecimal(name: str, digits: int) -> str:
    """The same digits for the same name, so that recordings can be compared."""
    return hashlib.sha256(name.encode()).hexdigest()[:digits]


def _auto_named(name: str, inputs: Mapping[str, Any]) -> str:
    return str(inputs.get("name") or f"{name}-{hexadecimal(name, 7)}")


def _common(type_: str, name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    service = type_.removeprefix("aws:").split("/")[0]
    auto_name = _auto_named(name, inputs)
    return {"name": auto_name, "arn": _arn(service, auto_name)}


def _arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT_ID}:{resource}"


def _database(name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    identifier = str(inputs.get("identifier") or _auto_named(name, inputs))
    address = f"{identifier}.c0ffee.{REGION}.rds.amazonaws.com"
    secret = _arn("secretsmanager", f"secret:rds!db-{hexadecimal(name, 8)}-AbCdEf")
    return {
        "identifier": identifier,
        "arn": _arn("rds", f"db:{identifier}"),
        "address": address,
        "endpoint": f"{address}:5432",
        "port": 5432,
        "masterUserSecrets": [{"secretArn": secret, "secretStatus": "active", "kmsKeyId": "key"}],
    }


def _broker(name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Both instances of a pair, the second one first: Amazon MQ promises no order."""
    identifier = f"b-{hexadecimal(name, 8)}"
    single = inputs["deploymentMode"] == "SINGLE_INSTANCE"
    instances = [_broker_instance(identifier, number) for number in ([1] if single else [2, 1])]
    return {
        "brokerName": str(inputs.get("brokerName") or _auto_named(name, inputs)),
        "arn": _arn("mq", f"broker:{name}:{identifier}"),
        "instances": instances,
    }


def _broker_instance(identifier: str, number: int) -> Mapping[str, Any]:
    host = f"{identifier}-{number}.mq.{REGION}.amazonaws.com"
    return {
        "consoleUrl": f"https://{host}:8162",
        "ipAddress": f"10.42.96.{number}",
        "endpoints": [
            f"amqp+ssl://{host}:5671",
            f"mqtt+ssl://{host}:8883",
            f"ssl://{host}:61617",
            f"stomp+ssl://{host}:61614",
            f"wss://{host}:61619",
        ],
    }


def _mq_configuration(name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"name": _auto_named(name, inputs), "latestRevision": 1}


def _file_system(name: str, _inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    identifier = id_of("aws:efs/fileSystem:FileSystem", name)
    return {
        "arn": f"arn:aws:elasticfilesystem:{REGION}:{ACCOUNT_ID}:file-system/{identifier}",
        "dnsName": f"{identifier}.efs.{REGION}.amazonaws.com",
    }


def _access_point(name: str, _inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    identifier = id_of("aws:efs/accessPoint:AccessPoint", name)
    return {"arn": f"arn:aws:elasticfilesystem:{REGION}:{ACCOUNT_ID}:access-point/{identifier}"}


def _secret(name: str, _inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    auto_name = f"{name}-{hexadecimal(name, 7)}"
    return {"name": auto_name, "arn": _arn("secretsmanager", f"secret:{auto_name}-AbCdEf")}


def _secret_version(_name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"secretArn": str(inputs["secretId"]), "versionId": "1"}


def _key(name: str, _inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    digits = hexadecimal(name, 32)
    parts = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
    return {"arn": _arn("kms", f"key/{'-'.join(parts)}"), "keyId": "-".join(parts)}


def _role(name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    auto_name = _auto_named(name, inputs)
    return {"name": auto_name, "arn": f"arn:aws:iam::{ACCOUNT_ID}:role/{auto_name}"}


def _load_balancer(name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    auto_name = _auto_named(name, inputs)
    kind = "net" if inputs.get("loadBalancerType") == "network" else "app"
    suffix = f"{kind}/{auto_name}/{hexadecimal(name, 16)}"
    return {
        "name": auto_name,
        "arn": _arn("elasticloadbalancing", f"loadbalancer/{suffix}"),
        "arnSuffix": suffix,
        "dnsName": f"{auto_name}.{REGION}.elb.amazonaws.com",
        "zoneId": ZONE_ID,
    }


def _target_group(name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    auto_name = _auto_named(name, inputs)
    suffix = f"targetgroup/{auto_name}/{hexadecimal(name, 16)}"
    return {
        "name": auto_name,
        "arn": _arn("elasticloadbalancing", suffix),
        "arnSuffix": suffix,
    }


def _log_group(name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    auto_name = _auto_named(name, inputs)
    return {"name": auto_name, "arn": _arn("logs", f"log-group:{auto_name}")}


def _topic(name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"name": _auto_named(name, inputs), "arn": _arn("sns", _auto_named(name, inputs))}


def _alarm(name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    auto_name = _auto_named(name, inputs)
    return {"name": auto_name, "arn": _arn("cloudwatch", f"alarm:{auto_name}")}


def _vault(name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    auto_name = _auto_named(name, inputs)
    return {"name": auto_name, "arn": _arn("backup", f"backup-vault:{auto_name}")}


def _launch_template(_name: str, _inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"latestVersion": 1}


def _instance_profile(name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    auto_name = _auto_named(name, inputs)
    return {"arn": f"arn:aws:iam::{ACCOUNT_ID}:instance-profile/{auto_name}"}


def _repository(name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    auto_name = _auto_named(name, inputs)
    return {
        "name": auto_name,
        "arn": _arn("ecr", f"repository/{auto_name}"),
        "registryId": ACCOUNT_ID,
        "repositoryUrl": f"{ACCOUNT_ID}.dkr.ecr.{REGION}.amazonaws.com/{auto_name}",
    }


ANSWERS: Final[Mapping[str, Mapping[str, Any]]] = {
    # Both have grown beyond what the stack's settings say.
    "aws:rds/getSnapshot:getSnapshot": {"allocatedStorage": 300, "engineVersion": "16.13"},
    "aws:rds/getInstance:getInstance": {"allocatedStorage": 300, "engineVersion": "16.13"},
    "aws:ssm/getParameter:getParameter": {"value": "ami-0fedcba9876543210"},
    "aws:ecr/getAuthorizationToken:getAuthorizationToken": {
        "userName": "AWS",
        "password": "token-of-the-registry",
    },
}
"""What functions answer, by their token; one that is not here is not expected to be called."""

_ID_PREFIXES: Mapping[str, str] = {
    "aws:ec2/securityGroup:SecurityGroup": "sg",
    "aws:ec2/vpc:Vpc": "vpc",
    "aws:ec2/subnet:Subnet": "subnet",
    "aws:ec2/launchTemplate:LaunchTemplate": "lt",
    "aws:efs/fileSystem:FileSystem": "fs",
    "aws:efs/accessPoint:AccessPoint": "fsap",
}


def _certificate(name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """A record for each name, in an order of its own; a wildcard has that of its apex."""
    names = [inputs["domainName"], *inputs.get("subjectAlternativeNames", [])]
    return {
        "arn": _arn("acm", f"certificate/{hexadecimal(name, 8)}"),
        "domainValidationOptions": [_proof(each) for each in sorted(names, reverse=True)],
    }


def _proof(domain: str) -> Mapping[str, Any]:
    apex = domain.removeprefix("*.")
    return {
        "domainName": domain,
        "resourceRecordName": f"_{hexadecimal(apex, 32)}.{apex}.",
        "resourceRecordType": "CNAME",
        "resourceRecordValue": f"_{hexadecimal(apex, 16)}.acm-validations.aws.",
    }


def _dns_record(_name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"fqdn": str(inputs["name"]).removesuffix(".")}


def _distribution(name: str, _inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    identifier = f"E{hexadecimal(name, 13).upper()}"
    return {
        "arn": f"arn:aws:cloudfront::{ACCOUNT_ID}:distribution/{identifier}",
        "domainName": f"{identifier.lower()}.cloudfront.net",
        "hostedZoneId": "Z2FDTNDATAQYW2",
    }


def _elastic_ip(name: str, _inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"publicIp": f"192.0.2.{int(hexadecimal(name, 2), 16)}"}


def _bucket(name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    bucket = str(inputs.get("bucket") or f"{name}-{hexadecimal(name, 7)}")
    return {"bucket": bucket, "arn": f"arn:aws:s3:::{bucket}"}


def _vpc_endpoint(name: str, _inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"prefixListId": f"pl-{hexadecimal(name, 8)}"}


_OUTPUTS: Mapping[str, Answer] = {
    "aws:s3/bucket:Bucket": _bucket,
    "aws:acm/certificate:Certificate": _certificate,
    "aws:route53/record:Record": _dns_record,
    "aws:cloudfront/distribution:Distribution": _distribution,
    "aws:ec2/eip:Eip": _elastic_ip,
    "aws:ec2/vpcEndpoint:VpcEndpoint": _vpc_endpoint,
    "aws:ec2/launchTemplate:LaunchTemplate": _launch_template,
    "aws:iam/instanceProfile:InstanceProfile": _instance_profile,
    "aws:ecr/repository:Repository": _repository,
    "aws:rds/instance:Instance": _database,
    "aws:mq/broker:Broker": _broker,
    "aws:mq/configuration:Configuration": _mq_configuration,
    "aws:efs/fileSystem:FileSystem": _file_system,
    "aws:efs/accessPoint:AccessPoint": _access_point,
    "aws:secretsmanager/secret:Secret": _secret,
    "aws:secretsmanager/secretVersion:SecretVersion": _secret_version,
    "aws:kms/key:Key": _key,
    "aws:iam/role:Role": _role,
    "aws:lb/loadBalancer:LoadBalancer": _load_balancer,
    "aws:lb/targetGroup:TargetGroup": _target_group,
    "aws:cloudwatch/logGroup:LogGroup": _log_group,
    "aws:cloudwatch/metricAlarm:MetricAlarm": _alarm,
    "aws:sns/topic:Topic": _topic,
    "aws:backup/vault:Vault": _vault,
}
