"""For each rule a resource that keeps it and resources that break it, as small as they can be."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policies import aws_types as aws
from policies.containers import CONTAINER
from policies.rule import Resource


@dataclass(frozen=True, kw_only=True)
class Example:
    """Inputs of a resource of that type: good ones, and bad ones with what the fault must say."""

    type: str
    good: Mapping[str, Any]
    bad: Sequence[tuple[Mapping[str, Any], str]]


@dataclass(frozen=True, kw_only=True)
class StackExample:
    """The same for a rule over a whole stack."""

    good: Sequence[Resource]
    bad: Sequence[tuple[Sequence[Resource], str]]


def policy(**statement: Any) -> str:
    """A document with one statement that allows."""
    allowing = {"Sid": "Some", "Effect": "Allow", **statement}
    return json.dumps({"Version": "2012-10-17", "Statement": [allowing]})


def user_data(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def resource(type_: str, /, name: str = "some", **inputs: Any) -> Resource:
    return Resource(type=type_, name=name, inputs=inputs)


ECR = "123456789012.dkr.ecr.eu-central-1.amazonaws.com"
DIGEST = "sha256:" + 64 * "a"

RDS_SECRET = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!db-1-AbCdEf"

PUBLIC = {"publiclyAccessible": True}
OPEN = {"cidrIpv4": "0.0.0.0/0", "ipProtocol": "tcp"}

EXAMPLES: Mapping[str, Example] = {
    # encryption
    "database-is-encrypted": Example(
        type=aws.DATABASE,
        good={"storageEncrypted": True},
        bad=[
            ({"storageEncrypted": False}, "storageEncrypted is false"),
            ({}, "storageEncrypted is not set"),
        ],
    ),
    "shared-files-are-encrypted": Example(
        type=aws.FILE_SYSTEM, good={"encrypted": True}, bad=[({}, "encrypted is not set")]
    ),
    "disks-are-encrypted": Example(
        type=aws.LAUNCH_TEMPLATE,
        good={"blockDeviceMappings": [{"ebs": {"encrypted": "true"}}]},
        bad=[
            ({}, "blockDeviceMappings is not set"),
            (
                {"blockDeviceMappings": [{"ebs": {"encrypted": "true"}}, {"ebs": {}}]},
                "blockDeviceMappings[1].ebs.encrypted is not set",
            ),
        ],
    ),
    # exposure
    "database-is-not-public": Example(
        type=aws.DATABASE, good={}, bad=[(PUBLIC, "publiclyAccessible is true")]
    ),
    "broker-is-not-public": Example(
        type=aws.BROKER,
        good={"publiclyAccessible": False},
        bad=[(PUBLIC, "publiclyAccessible is true")],
    ),
    "servers-are-not-public": Example(
        type=aws.LAUNCH_TEMPLATE,
        good={"networkInterfaces": [{"associatePublicIpAddress": "false"}]},
        bad=[
            (
                {"networkInterfaces": [{"associatePublicIpAddress": "true"}]},
                "networkInterfaces[0].associatePublicIpAddress is true",
            )
        ],
    ),
    "subnets-give-no-public-addresses": Example(
        type=aws.SUBNET,
        good={"mapPublicIpOnLaunch": False},
        bad=[({"mapPublicIpOnLaunch": True}, "mapPublicIpOnLaunch is true")],
    ),
    "open-ports-are-80-and-443": Example(
        type=aws.INGRESS_RULE,
        good={**OPEN, "fromPort": 443, "toPort": 443},
        bad=[
            ({**OPEN, "fromPort": 5432, "toPort": 5432}, "0.0.0.0/0 at port 5432"),
            ({**OPEN, "fromPort": 80, "toPort": 443}, "0.0.0.0/0 at ports 80 to 443"),
            ({"cidrIpv6": "::/0", "ipProtocol": "-1"}, "::/0 at every port"),
        ],
    ),
    "inner-balancers-are-internal": Example(
        type=aws.LOAD_BALANCER,
        good={"loadBalancerType": "network", "internal": True},
        bad=[({"loadBalancerType": "network"}, "internal is not set")],
    ),
    "access-blocks-are-complete": Example(
        type=aws.ACCESS_BLOCK,
        good={
            "blockPublicAcls": True,
            "blockPublicPolicy": True,
            "ignorePublicAcls": True,
            "restrictPublicBuckets": True,
        },
        bad=[
            (
                {
                    "blockPublicAcls": True,
                    "blockPublicPolicy": True,
                    "ignorePublicAcls": True,
                },
                "restrictPublicBuckets is not set",
            )
        ],
    ),
    # TLS
    "tls-policy-is-safe": Example(
        type=aws.LISTENER,
        good={"protocol": "HTTPS", "sslPolicy": "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"},
        bad=[
            (
                {"protocol": "HTTPS", "sslPolicy": "ELBSecurityPolicy-2016-08"},
                "sslPolicy is ELBSecurityPolicy-2016-08. Set scipio:balancer.tlsPolicy",
            ),
            # The service's own default is that one.
            ({"protocol": "HTTPS"}, "sslPolicy is not set"),
        ],
    ),
    "plain-http-only-redirects": Example(
        type=aws.LISTENER,
        good={
            "protocol": "HTTP",
            "defaultActions": [{"type": "redirect", "redirect": {"protocol": "HTTPS"}}],
        },
        bad=[
            (
                {"protocol": "HTTP", "defaultActions": [{"type": "forward"}]},
                "defaultActions[0].type is forward",
            ),
            (
                {
                    "protocol": "HTTP",
                    "defaultActions": [{"type": "redirect", "redirect": {"protocol": "HTTP"}}],
                },
                "defaultActions[0].redirect.protocol is HTTP",
            ),
        ],
    ),
    "cloudfront-speaks-tls": Example(
        type=aws.DISTRIBUTION,
        good={
            "defaultCacheBehavior": {"viewerProtocolPolicy": "redirect-to-https"},
            "viewerCertificate": {"minimumProtocolVersion": "TLSv1.2_2021"},
        },
        bad=[
            (
                {
                    "defaultCacheBehavior": {"viewerProtocolPolicy": "allow-all"},
                    "viewerCertificate": {"minimumProtocolVersion": "TLSv1.2_2021"},
                },
                "defaultCacheBehavior.viewerProtocolPolicy is allow-all",
            ),
            (
                {
                    "defaultCacheBehavior": {"viewerProtocolPolicy": "https-only"},
                    "viewerCertificate": {"minimumProtocolVersion": "TLSv1"},
                },
                "viewerCertificate.minimumProtocolVersion is TLSv1.",
            ),
        ],
    ),
    "database-demands-tls": Example(
        type=aws.PARAMETER_GROUP,
        good={
            "family": "postgres16",
            "parameters": [{"name": "rds.force_ssl", "value": "1"}],
        },
        bad=[
            ({"family": "postgres16"}, "parameters: rds.force_ssl is not set"),
            (
                {
                    "family": "postgres16",
                    "parameters": [{"name": "rds.force_ssl", "value": "0"}],
                },
                "parameters: rds.force_ssl is 0",
            ),
        ],
    ),
    # metadata service
    "imdsv2-is-required": Example(
        type=aws.LAUNCH_TEMPLATE,
        good={"metadataOptions": {"httpTokens": "required"}},
        bad=[
            ({"metadataOptions": {"httpTokens": "optional"}}, "httpTokens is optional"),
            ({}, "metadataOptions.httpTokens is not set"),
        ],
    ),
    "metadata-stay-on-the-server": Example(
        type=aws.LAUNCH_TEMPLATE,
        good={"metadataOptions": {"httpPutResponseHopLimit": 1}},
        bad=[
            ({"metadataOptions": {"httpPutResponseHopLimit": 2}}, "HopLimit is 2"),
            ({}, "httpPutResponseHopLimit is not set"),
        ],
    ),
    "administrators-secrets-are-given-up": Example(
        type=aws.ROLE_POLICY,
        good={
            "policy": policy(
                Action=[
                    "secretsmanager:GetSecretValue",
                    "ec2:ReplaceIamInstanceProfileAssociation",
                ],
                Resource=RDS_SECRET,
            )
        },
        bad=[
            (
                {"policy": policy(Action="secretsmanager:GetSecretValue", Resource=each)},
                "policy: Some is reading a secret of a database's administrator for ever",
            )
            for each in (RDS_SECRET, "arn:aws:secretsmanager:eu-central-1:1:secret:*", "*")
        ],
    ),
    # logs
    "logs-end-some-day": Example(
        type=aws.LOG_GROUP,
        good={"retentionInDays": 30},
        bad=[({"retentionInDays": 0}, "retentionInDays is 0"), ({}, "is not set")],
    ),
    "database-logs": Example(
        type=aws.DATABASE,
        good={"enabledCloudwatchLogsExports": ["postgresql", "upgrade"]},
        bad=[
            ({}, "enabledCloudwatchLogsExports is not set"),
            ({"enabledCloudwatchLogsExports": ["upgrade"]}, "is ['upgrade']"),
        ],
    ),
    "broker-logs": Example(
        type=aws.BROKER,
        good={"logs": {"general": True, "audit": True}},
        bad=[({"logs": {"general": True, "audit": False}}, "logs.audit is false")],
    ),
    "balancer-logs": Example(
        type=aws.LOAD_BALANCER,
        good={"accessLogs": {"enabled": True}},
        bad=[({}, "accessLogs.enabled is not set. Set scipio:balancer.accessLogs")],
    ),
    # backups
    "database-can-be-restored": Example(
        type=aws.DATABASE,
        good={"backupRetentionPeriod": 7},
        bad=[
            ({"backupRetentionPeriod": 6}, "is 6. Set scipio:database.backupRetentionDays to 7"),
            ({}, "backupRetentionPeriod is not set"),
        ],
    ),
    "database-is-hard-to-delete": Example(
        type=aws.DATABASE,
        good={
            "deletionProtection": True,
            "skipFinalSnapshot": False,
            "deleteAutomatedBackups": False,
        },
        bad=[
            (
                {"skipFinalSnapshot": False, "deleteAutomatedBackups": False},
                "deletionProtection is not set. Production is protected",
            ),
            (
                {
                    "deletionProtection": True,
                    "skipFinalSnapshot": True,
                    "deleteAutomatedBackups": False,
                },
                "skipFinalSnapshot is true",
            ),
            (
                {"deletionProtection": True, "skipFinalSnapshot": False},
                "deleteAutomatedBackups is not set",
            ),
        ],
    ),
    "balancer-is-hard-to-delete": Example(
        type=aws.LOAD_BALANCER,
        good={"enableDeletionProtection": True},
        bad=[({"enableDeletionProtection": False}, "enableDeletionProtection is false")],
    ),
    "contents-are-not-deleted-unasked": Example(
        type=aws.BUCKET, good={}, bad=[({"forceDestroy": True}, "forceDestroy is true")]
    ),
    "secrets-can-be-recovered": Example(
        type=aws.SECRET,
        good={"recoveryWindowInDays": 7},
        bad=[({"recoveryWindowInDays": 0}, "is 0. Set scipio:secrets.recoveryDays to 7")],
    ),
    # tags
    "launched-servers-are-tagged": Example(
        type=aws.LAUNCH_TEMPLATE,
        good={
            "tagSpecifications": [
                {"resourceType": "instance", "tags": {"Cluster": "c"}},
                {"resourceType": "volume", "tags": {"Cluster": "c"}},
            ]
        },
        bad=[
            ({}, "tagSpecifications: instance is without Cluster"),
            (
                {
                    "tagSpecifications": [
                        {"resourceType": "instance", "tags": {"Cluster": "c"}},
                        {"resourceType": "volume", "tags": {"Name": "x"}},
                    ]
                },
                "tagSpecifications: volume is without Cluster",
            ),
        ],
    ),
    "groups-are-tagged": Example(
        type=aws.AUTO_SCALING_GROUP,
        good={"tags": [{"key": "Cluster", "value": "c", "propagateAtLaunch": False}]},
        bad=[({"tags": [{"key": "Name", "value": "c"}]}, "tags is without Cluster")],
    ),
    # permissions
    "no-wildcard-administration": Example(
        type="aws:iam/rolePolicy:RolePolicy",
        good={"policy": policy(Action=["s3:Get*"], Resource="*")},
        bad=[
            ({"policy": policy(Action="*", Resource="*")}, "policy: Some is allowing *"),
            ({"policy": policy(Action=["ec2:*"], Resource=["*"])}, "allowing ec2:*"),
        ],
    ),
    "no-allowing-by-exception": Example(
        type="aws:iam/policy:Policy",
        good={"policy": policy(Action="s3:GetObject", Resource="arn:aws:s3:::x/*")},
        bad=[({"policy": policy(NotAction="iam:*", Resource="*")}, "allowing by NotAction")],
    ),
    "nobody-is-everybody": Example(
        type="aws:sns/topicPolicy:TopicPolicy",
        good={
            "policy": policy(
                Principal={"AWS": "*"},
                Action="sns:Publish",
                Condition={"StringEquals": {"aws:SourceAccount": "123456789012"}},
            )
        },
        bad=[
            ({"policy": policy(Principal="*", Action="sns:Publish")}, "allowing everybody"),
            (
                {"policy": policy(Principal={"AWS": ["*"]}, Action="sns:Publish")},
                "allowing everybody",
            ),
        ],
    ),
    "no-administrators-policy-is-attached": Example(
        type=aws.POLICY_ATTACHMENT,
        good={"policyArn": "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy"},
        bad=[
            ({"policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}, "AdministratorAccess"),
            ({"policyArn": "arn:aws:iam::aws:policy/AmazonS3FullAccess"}, "AmazonS3FullAccess"),
        ],
    ),
    "no-administrators-policy-is-managed": Example(
        type=aws.ROLE,
        good={"managedPolicyArns": []},
        bad=[
            (
                {"managedPolicyArns": ["arn:aws:iam::aws:policy/PowerUserAccess"]},
                "managedPolicyArns[0] is arn:aws:iam::aws:policy/PowerUserAccess",
            )
        ],
    ),
    # pinning
    "template-version-is-a-number": Example(
        type=aws.AUTO_SCALING_GROUP,
        good={"launchTemplate": {"id": "lt-1", "version": "3"}},
        bad=[
            ({"launchTemplate": {"version": "$Latest"}}, "launchTemplate.version is $Latest"),
            ({"launchTemplate": {"id": "lt-1"}}, "launchTemplate.version is not set"),
        ],
    ),
    "machine-image-is-an-id": Example(
        type=aws.LAUNCH_TEMPLATE,
        good={"imageId": "ami-0123456789abcdef0"},
        bad=[
            ({"imageId": "resolve:ssm:/aws/service/x"}, "imageId is resolve:ssm:/aws/service/x"),
            ({}, "imageId is not set"),
        ],
    ),
    "image-is-a-digest": Example(
        type=aws.LAUNCH_TEMPLATE,
        good={"userData": user_data(f"docker login {ECR}\nIMAGE={ECR}/scipio@{DIGEST}\n")},
        bad=[
            ({"userData": user_data(f'IMAGE="{ECR}/scipio:1.0"\n')}, f"{ECR}/scipio:1.0"),
            ({"userData": user_data(f"docker run {ECR}/scipio\n")}, f"naming {ECR}/scipio"),
        ],
    ),
    "image-tags-never-move": Example(
        type=aws.REPOSITORY,
        good={"imageTagMutability": "IMMUTABLE"},
        bad=[({}, "imageTagMutability is not set")],
    ),
    "target-groups-have-no-fixed-name": Example(
        type=aws.TARGET_GROUP,
        good={"name": "scipio-prod-blue-0a1b2c3"},
        bad=[({"name": "blue"}, "name is blue. Leave it out")],
    ),
    "broker-takes-patches": Example(
        type=aws.BROKER,
        good={"autoMinorVersionUpgrade": True},
        bad=[({}, "autoMinorVersionUpgrade is not set")],
    ),
    # containers
    "ports-are-on-loopback": Example(
        type=CONTAINER,
        good={"ports": [{"internal": 1, "ip": "127.0.0.1"}]},
        bad=[
            ({"ports": [{"internal": 1}]}, "ports[0].ip is not set. It must be 127.0.0.1"),
            ({"ports": [{"internal": 1, "ip": "192.0.2.1"}]}, "ports[0].ip is 192.0.2.1"),
        ],
    ),
    "memory-is-bounded": Example(
        type=CONTAINER,
        good={"memory": 512, "memorySwap": 512},
        bad=[
            ({}, "memory is not set, with swap not set"),
            ({"memory": 512, "memorySwap": 1024}, "memory is 512, with swap 1024"),
        ],
    ),
    "health-is-watched": Example(
        type=CONTAINER,
        good={"healthcheck": {"tests": ["CMD", "true"]}, "wait": True, "waitTimeout": 60},
        bad=[
            ({"wait": True, "waitTimeout": 60}, "healthcheck is not set"),
            ({"healthcheck": {"tests": ["CMD", "true"]}, "waitTimeout": 60}, "wait is not set"),
        ],
    ),
}

STACK_EXAMPLES: Mapping[str, StackExample] = {
    "buckets-are-encrypted": StackExample(
        good=[resource(aws.BUCKET), resource(aws.BUCKET_ENCRYPTION)],
        bad=[
            (
                [resource(aws.BUCKET), resource(aws.BUCKET), resource(aws.BUCKET_ENCRYPTION)],
                "the stack's buckets is 2, of which 1 say how they are encrypted",
            )
        ],
    ),
    "own-key-is-used": StackExample(
        good=[resource(aws.KEY), resource(aws.SECRET, kmsKeyId="arn:aws:kms:…")],
        bad=[
            (
                [resource(aws.KEY), resource(aws.SECRET, name="password")],
                "password: kmsKeyId is not set",
            )
        ],
    ),
    "only-the-balancer-is-open": StackExample(
        good=[
            resource(aws.LOAD_BALANCER, securityGroups=["sg-1"]),
            resource(aws.INGRESS_RULE, securityGroupId="sg-1", **OPEN),
            resource(aws.INGRESS_RULE, securityGroupId="sg-2", cidrIpv4="10.0.0.0/8"),
        ],
        bad=[
            (
                [
                    resource(aws.LOAD_BALANCER, securityGroups=["sg-1"]),
                    resource(aws.INGRESS_RULE, name="odd", securityGroupId="sg-2", **OPEN),
                ],
                "odd: securityGroupId is sg-2, which is open to everybody",
            )
        ],
    ),
    "buckets-are-not-public": StackExample(
        good=[resource(aws.BUCKET), resource(aws.ACCESS_BLOCK)],
        bad=[([resource(aws.BUCKET)], "1, of which 0 are closed to the public")],
    ),
    "firewall-logs": StackExample(
        good=[resource(aws.WEB_ACL), resource(aws.WEB_ACL_LOGGING)],
        bad=[([resource(aws.WEB_ACL)], "logs of WebAcl is 0 of 1. Set scipio:waf.logging")],
    ),
    "network-logs": StackExample(
        good=[resource(aws.VPC), resource(aws.FLOW_LOG)],
        bad=[([resource(aws.VPC)], "logs of Vpc is 0 of 1. Set scipio:network.flowLogs")],
    ),
    "shared-files-are-backed-up": StackExample(
        good=[resource(aws.FILE_SYSTEM), resource(aws.BACKUP_PLAN)],
        bad=[
            ([resource(aws.FILE_SYSTEM)], "backups of the shared files is not set"),
            (
                [
                    resource(aws.FILE_SYSTEM),
                    resource(aws.EFS_BACKUP, backupPolicy={"status": "DISABLED"}),
                ],
                "backups of the shared files is DISABLED",
            ),
        ],
    ),
    "default-tags-are-set": StackExample(
        good=[
            resource(aws.PROVIDER, defaultTags='{"tags": {"Cluster": "c"}}'),
            resource(aws.BUCKET),
        ],
        bad=[
            ([resource(aws.BUCKET)], "provider is not set"),
            ([resource(aws.PROVIDER, name="aws")], "aws: defaultTags is without Cluster"),
        ],
    ),
}
