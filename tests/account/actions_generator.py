"""Writes account/actions.json: what AWS says that each type of resource takes to be managed.

The permissions are those of the handlers in CloudFormation's resource schemas, which AWS publishes
and cfn-lint ships; the emulator's environment has it:

    python -m tests.account.actions_generator .cache/acceptance

What no schema says is in account/own_actions.py. `make acceptance-test` holds both against every
call that the real provider makes.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
WRITTEN: Final = ROOT / "account" / "actions.json"
HANDLERS: Final = ("create", "read", "update", "delete")

CLOUDFORMATION: Final[Mapping[str, str]] = {
    "aws:acm/certificate:Certificate": "CertificateManager::Certificate",
    "aws:autoscaling/group:Group": "AutoScaling::AutoScalingGroup",
    "aws:autoscaling/lifecycleHook:LifecycleHook": "AutoScaling::LifecycleHook",
    "aws:autoscaling/policy:Policy": "AutoScaling::ScalingPolicy",
    "aws:autoscaling/schedule:Schedule": "AutoScaling::ScheduledAction",
    "aws:backup/plan:Plan": "Backup::BackupPlan",
    "aws:backup/restoreTestingPlan:RestoreTestingPlan": "Backup::RestoreTestingPlan",
    "aws:backup/restoreTestingSelection:RestoreTestingSelection": (
        "Backup::RestoreTestingSelection"
    ),
    "aws:backup/selection:Selection": "Backup::BackupSelection",
    "aws:backup/vault:Vault": "Backup::BackupVault",
    "aws:budgets/budget:Budget": "Budgets::Budget",
    "aws:cloudfront/cachePolicy:CachePolicy": "CloudFront::CachePolicy",
    "aws:cloudfront/distribution:Distribution": "CloudFront::Distribution",
    "aws:cloudfront/function:Function": "CloudFront::Function",
    "aws:cloudfront/originAccessControl:OriginAccessControl": "CloudFront::OriginAccessControl",
    "aws:cloudfront/originRequestPolicy:OriginRequestPolicy": "CloudFront::OriginRequestPolicy",
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": (
        "CloudFront::ResponseHeadersPolicy"
    ),
    "aws:cloudfront/vpcOrigin:VpcOrigin": "CloudFront::VpcOrigin",
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": "CloudWatch::CompositeAlarm",
    "aws:cloudwatch/dashboard:Dashboard": "CloudWatch::Dashboard",
    "aws:cloudwatch/eventRule:EventRule": "Events::Rule",
    "aws:cloudwatch/logDelivery:LogDelivery": "Logs::Delivery",
    "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": "Logs::DeliveryDestination",
    "aws:cloudwatch/logDeliverySource:LogDeliverySource": "Logs::DeliverySource",
    "aws:cloudwatch/logGroup:LogGroup": "Logs::LogGroup",
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": "Logs::MetricFilter",
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": "Logs::ResourcePolicy",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "CloudWatch::Alarm",
    "aws:cloudwatch/queryDefinition:QueryDefinition": "Logs::QueryDefinition",
    "aws:ec2/eip:Eip": "EC2::EIP",
    "aws:ec2/eipAssociation:EipAssociation": "EC2::EIPAssociation",
    "aws:ec2/flowLog:FlowLog": "EC2::FlowLog",
    "aws:ec2/internetGateway:InternetGateway": "EC2::InternetGateway",
    "aws:ec2/launchTemplate:LaunchTemplate": "EC2::LaunchTemplate",
    "aws:ec2/natGateway:NatGateway": "EC2::NatGateway",
    "aws:ec2/networkAcl:NetworkAcl": "EC2::NetworkAcl",
    "aws:ec2/route:Route": "EC2::Route",
    "aws:ec2/routeTable:RouteTable": "EC2::RouteTable",
    "aws:ec2/routeTableAssociation:RouteTableAssociation": "EC2::SubnetRouteTableAssociation",
    "aws:ec2/securityGroup:SecurityGroup": "EC2::SecurityGroup",
    "aws:ec2/subnet:Subnet": "EC2::Subnet",
    "aws:ec2/vpc:Vpc": "EC2::VPC",
    "aws:ec2/vpcDhcpOptions:VpcDhcpOptions": "EC2::DHCPOptions",
    "aws:ec2/vpcEndpoint:VpcEndpoint": "EC2::VPCEndpoint",
    "aws:ecr/replicationConfiguration:ReplicationConfiguration": "ECR::ReplicationConfiguration",
    "aws:ecr/repository:Repository": "ECR::Repository",
    "aws:efs/accessPoint:AccessPoint": "EFS::AccessPoint",
    "aws:efs/fileSystem:FileSystem": "EFS::FileSystem",
    "aws:efs/mountTarget:MountTarget": "EFS::MountTarget",
    "aws:iam/instanceProfile:InstanceProfile": "IAM::InstanceProfile",
    "aws:iam/policy:Policy": "IAM::ManagedPolicy",
    "aws:iam/role:Role": "IAM::Role",
    "aws:kms/alias:Alias": "KMS::Alias",
    "aws:kms/key:Key": "KMS::Key",
    "aws:kms/replicaKey:ReplicaKey": "KMS::ReplicaKey",
    "aws:lb/listener:Listener": "ElasticLoadBalancingV2::Listener",
    "aws:lb/listenerRule:ListenerRule": "ElasticLoadBalancingV2::ListenerRule",
    "aws:lb/loadBalancer:LoadBalancer": "ElasticLoadBalancingV2::LoadBalancer",
    "aws:lb/targetGroup:TargetGroup": "ElasticLoadBalancingV2::TargetGroup",
    "aws:mq/broker:Broker": "AmazonMQ::Broker",
    "aws:mq/configuration:Configuration": "AmazonMQ::Configuration",
    "aws:rds/instance:Instance": "RDS::DBInstance",
    "aws:rds/parameterGroup:ParameterGroup": "RDS::DBParameterGroup",
    "aws:rds/subnetGroup:SubnetGroup": "RDS::DBSubnetGroup",
    "aws:secretsmanager/secret:Secret": "SecretsManager::Secret",
    "aws:secretsmanager/secretPolicy:SecretPolicy": "SecretsManager::ResourcePolicy",
    "aws:sns/topic:Topic": "SNS::Topic",
    "aws:sns/topicSubscription:TopicSubscription": "SNS::Subscription",
    "aws:ssm/document:Document": "SSM::Document",
    "aws:ssm/parameter:Parameter": "SSM::Parameter",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "EC2::SecurityGroupEgress",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "EC2::SecurityGroupIngress",
    "aws:wafv2/ipSet:IpSet": "WAFv2::IPSet",
    "aws:wafv2/regexPatternSet:RegexPatternSet": "WAFv2::RegexPatternSet",
    "aws:wafv2/webAcl:WebAcl": "WAFv2::WebACL",
    "aws:wafv2/webAclAssociation:WebAclAssociation": "WAFv2::WebACLAssociation",
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": (
        "WAFv2::LoggingConfiguration"
    ),
}
"""Pulumi's token → CloudFormation's type below `AWS::`, where the two are the same thing."""

POWERS: Final = {
    "iam:CreateRole": "aws:iam/role:Role",
    "iam:PassRole": "aws:iam/role:Role",
}
"""Actions of handlers that are a power of their own → the only type for which they count."""

SERVICES: Final = frozenset({
    "acm", "autoscaling", "backup", "backup-storage", "budgets", "cloudfront", "cloudwatch", "ec2",
    "ecr", "elasticfilesystem", "elasticloadbalancing", "events", "iam", "kms", "logs", "mq", "rds",
    "route53", "s3", "secretsmanager", "sns", "ssm", "wafv2",
})  # fmt: skip
"""Those of this program. Handlers also ask for what other uses of a type take: other services'
load balancers behind a firewall, functions that rotate secrets, private authorities."""

NOT_FOR_US: Final = frozenset({
    "iam:AttachGroupPolicy", "iam:AttachUserPolicy", "iam:CreateUser", "iam:DescribeOrganization",
    "iam:DetachGroupPolicy", "iam:DetachUserPolicy", "ec2:RunInstances",
    "ec2:AcceptAddressTransfer",
    "ec2:AssociateVerifiedAccessInstanceWebAcl", "ec2:DisassociateVerifiedAccessInstanceWebAcl",
    "ec2:GetVerifiedAccessInstanceWebAcl", "ec2:DescribeVerifiedAccessInstanceWebAclAssociations",
    "elasticloadbalancing:CreateWebACLAssociation", "elasticloadbalancing:DeleteWebACLAssociation",
    "elasticloadbalancing:GetLoadBalancerWebACL", "route53:AssociateVPCWithHostedZone",
    "kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo",
    "rds:CreateDBInstanceReadReplica", "rds:PromoteReadReplica", "s3:REST.PUT.OBJECT",
    "s3:GetObject", "secretsmanager:GetRandomPassword", "backup-storage:Mount", "iam:ListRoles",
})  # fmt: skip
"""Of these services, what such other uses take, or what no policy knows by that name."""


def schemas(folder: Path) -> Mapping[str, Mapping[str, Any]]:
    """CloudFormation's type → its schema."""
    found = {}
    for path in (folder / "resources").glob("*.json"):
        schema = json.loads(path.read_text(encoding="utf-8"))
        found[str(schema["typeName"]).removeprefix("AWS::")] = schema
    return found


def actions_of(schema: Mapping[str, Any]) -> Iterator[str]:
    """Those of its handlers and of its tags."""
    for handler in HANDLERS:
        yield from schema.get("handlers", {}).get(handler, {}).get("permissions", ())
    yield from (schema.get("tagging") or {}).get("permissions", ())


def is_ours(action: str, token: str) -> bool:
    """Whether the program's use of the type takes it; a wildcard never counts."""
    if action.partition(":")[0] not in SERVICES or action in NOT_FOR_US or "*" in action:
        return False
    return POWERS.get(action, token) == token


def main(environment: Path) -> None:
    """Write the table from what is installed in `environment`."""
    [folder] = environment.glob("lib/python3*/site-packages/cfnlint/data/schemas")
    known = schemas(folder)
    table = {
        token: sorted({each for each in actions_of(known[type_]) if is_ours(each, token)})
        for token, type_ in sorted(CLOUDFORMATION.items())
    }
    WRITTEN.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
