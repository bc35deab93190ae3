"""Actions of types that AWS has no schema of, and what the provider asks beside the schemas.

`make acceptance-test` fails where the provider makes a call that neither this table nor
account/actions.json allows.
"""

from collections.abc import Mapping
from typing import Final

ALWAYS: Final = (
    "sts:GetCallerIdentity",
    "ec2:DescribeAccountAttributes",
    "ec2:DescribeAvailabilityZones",
    "ec2:DescribeNetworkInterfaces",
    "ssm:GetParameter",
)
"""Of the provider itself, and of the look-up of the newest machine image."""

PREFLIGHT: Final = (
    "acm:DescribeCertificate", "autoscaling:DescribeAutoScalingGroups", "cloudwatch:GetDashboard",
    "ec2:DescribeAddresses", "ec2:DescribeImages", "ec2:DescribeInstanceTypeOfferings",
    "ec2:DescribeInstanceTypes", "ec2:DescribeInstances", "ec2:DescribeInternetGateways",
    "ec2:DescribeNatGateways", "ec2:DescribeSubnets", "ec2:DescribeVpcs", "ecr:DescribeImages",
    "elasticfilesystem:DescribeFileSystems", "elasticloadbalancing:DescribeLoadBalancers",
    "elasticloadbalancing:DescribeTags", "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies", "logs:ListTagsForResource",
    "mq:DescribeBrokerInstanceOptions", "rds:DescribeDBEngineVersions", "rds:DescribeDBInstances",
    "rds:DescribeOrderableDBInstanceOptions", "route53:GetHostedZone",
    "route53:ListResourceRecordSets", "secretsmanager:ListSecrets",
    "servicequotas:GetAWSDefaultServiceQuota", "servicequotas:GetServiceQuota",
)  # fmt: skip
"""What `make preflight` asks."""

RELEASE: Final = (
    "autoscaling:CancelInstanceRefresh", "autoscaling:DescribeAutoScalingGroups",
    "autoscaling:DescribeInstanceRefreshes", "autoscaling:DescribeScalingActivities",
    "autoscaling:StartInstanceRefresh", "cloudwatch:DescribeAlarms",
    "cloudwatch:GetMetricStatistics", "ec2:DescribeLaunchTemplateVersions",
    "ec2:ModifyLaunchTemplate", "elasticloadbalancing:DescribeRules",
    "elasticloadbalancing:DescribeTargetHealth", "elasticloadbalancing:ModifyRule",
)  # fmt: skip
"""What an update asks past the provider (`release/`)."""

_BUCKET: Final = (
    "s3:CreateBucket", "s3:DeleteBucket", "s3:ListBucket", "s3:GetAccelerateConfiguration",
    "s3:GetBucketAcl", "s3:GetBucketCORS", "s3:GetBucketLogging",
    "s3:GetBucketObjectLockConfiguration",
    "s3:GetBucketPolicy", "s3:GetBucketRequestPayment", "s3:GetBucketTagging",
    "s3:GetBucketVersioning", "s3:GetBucketWebsite", "s3:GetEncryptionConfiguration",
    "s3:GetLifecycleConfiguration", "s3:GetReplicationConfiguration", "s3:PutBucketTagging",
    "s3:ListTagsForResource", "s3:TagResource", "s3:UntagResource",
)  # fmt: skip
_EMPTYING: Final = ("s3:ListBucketVersions", "s3:DeleteObject", "s3:DeleteObjectVersion")
"""A bucket of logs is emptied before it goes."""

_GROUP_RULES: Final = (
    "ec2:AuthorizeSecurityGroupEgress", "ec2:AuthorizeSecurityGroupIngress",
    "ec2:DescribeSecurityGroupRules", "ec2:DescribeSecurityGroups",
    "ec2:ModifySecurityGroupRules", "ec2:RevokeSecurityGroupEgress",
    "ec2:RevokeSecurityGroupIngress", "ec2:CreateTags", "ec2:DeleteTags",
)  # fmt: skip

_ROUTES: Final = (
    "ec2:DescribeRouteTables", "ec2:CreateRoute", "ec2:DeleteRoute", "ec2:ReplaceRoute",
    "ec2:AssociateRouteTable", "ec2:DisassociateRouteTable", "ec2:CreateTags",
)  # fmt: skip

_NETWORK_LISTS: Final = (
    "ec2:DescribeNetworkAcls", "ec2:CreateNetworkAclEntry", "ec2:DeleteNetworkAclEntry",
    "ec2:ReplaceNetworkAclEntry", "ec2:ReplaceNetworkAclAssociation", "ec2:CreateTags",
)  # fmt: skip

_PUSH: Final = (
    "ecr:GetAuthorizationToken", "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage",
    "ecr:CompleteLayerUpload", "ecr:DescribeImages", "ecr:GetDownloadUrlForLayer",
    "ecr:InitiateLayerUpload", "ecr:ListImages", "ecr:PutImage", "ecr:UploadLayerPart",
    "ecr:BatchDeleteImage",
)  # fmt: skip

OWN: Final[Mapping[str, tuple[str, ...]]] = {
    "aws:acm/certificate:Certificate": ("acm:AddTagsToCertificate", "acm:ListCertificates"),
    "aws:acm/certificateValidation:CertificateValidation": ("acm:DescribeCertificate",),
    "aws:autoscaling/attachment:Attachment": (
        "autoscaling:AttachLoadBalancerTargetGroups", "autoscaling:AttachTrafficSources",
        "autoscaling:DescribeAutoScalingGroups", "autoscaling:DetachLoadBalancerTargetGroups",
        "autoscaling:DetachTrafficSources",
    ),
    "aws:autoscaling/group:Group": (
        "autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeInstanceRefreshes",
        "autoscaling:DescribeScalingActivities", "autoscaling:DescribeTags",
        "autoscaling:DescribeWarmPool", "autoscaling:RollbackInstanceRefresh",
        "autoscaling:SetInstanceProtection", "ec2:DescribeInstances", "ec2:DescribeInstanceTypes",
        "ec2:DescribeLaunchTemplateVersions", "ec2:RunInstances",
        "elasticloadbalancing:DescribeTargetHealth", "elasticloadbalancing:DescribeInstanceHealth",
    ),
    "aws:autoscaling/notification:Notification": (
        "autoscaling:DescribeNotificationConfigurations",
        "autoscaling:DeleteNotificationConfiguration", "autoscaling:PutNotificationConfiguration",
    ),
    "aws:backup/plan:Plan": ("backup:ListTags",),
    "aws:backup/selection:Selection": ("backup:GetBackupSelection", "backup:ListBackupSelections"),
    "aws:backup/vault:Vault": (
        "backup:DeleteRecoveryPoint", "backup:DescribeRecoveryPoint",
        "backup:ListRecoveryPointsByBackupVault",
    ),
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration": (
        "backup:DeleteBackupVaultLockConfiguration", "backup:DescribeBackupVault",
        "backup:PutBackupVaultLockConfiguration",
    ),
    "aws:backup/vaultNotifications:VaultNotifications": (
        "backup:DeleteBackupVaultNotifications", "backup:GetBackupVaultNotifications",
        "backup:PutBackupVaultNotifications",
    ),
    "aws:backup/vaultPolicy:VaultPolicy": (
        "backup:DeleteBackupVaultAccessPolicy", "backup:GetBackupVaultAccessPolicy",
        "backup:PutBackupVaultAccessPolicy",
    ),
    "aws:cloudwatch/eventTarget:EventTarget": (
        "events:ListTargetsByRule", "events:PutTargets", "events:RemoveTargets",
    ),
    "aws:cloudwatch/logGroup:LogGroup": (
        "logs:DescribeLogGroups", "logs:ListTagsLogGroup", "logs:TagLogGroup",
        "logs:UntagLogGroup",
    ),
    "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl": _NETWORK_LISTS,
    "aws:ec2/defaultRouteTable:DefaultRouteTable": _ROUTES,
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": _GROUP_RULES,
    "aws:ec2/eip:Eip": (
        "ec2:DescribeAddressesAttribute", "ec2:DescribeAddresses", "ec2:DisassociateAddress",
    ),
    "aws:ec2/flowLog:FlowLog": ("logs:CreateLogDelivery", "logs:DeleteLogDelivery"),
    "aws:ec2/internetGateway:InternetGateway": (
        "ec2:AttachInternetGateway", "ec2:DetachInternetGateway",
    ),
    "aws:ec2/launchTemplate:LaunchTemplate": (
        "ec2:DescribeLaunchTemplateVersions", "ec2:ModifyLaunchTemplate", "ec2:RunInstances",
        "ec2:DeleteLaunchTemplateVersions",
    ),
    "aws:ec2/networkAclRule:NetworkAclRule": _NETWORK_LISTS,
    "aws:ec2/route:Route": _ROUTES,
    "aws:ec2/routeTable:RouteTable": _ROUTES,
    "aws:ec2/routeTableAssociation:RouteTableAssociation": _ROUTES,
    "aws:ec2/securityGroup:SecurityGroup": _GROUP_RULES,
    "aws:ec2/vpc:Vpc": ("ec2:DescribeVpcAttribute", "ec2:DescribeVpcs"),
    "aws:ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation": (
        "ec2:AssociateDhcpOptions", "ec2:DescribeDhcpOptions", "ec2:DescribeVpcs",
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": (
        "ec2:DescribePrefixLists", "ec2:DescribeVpcEndpointServices", "ec2:ModifyVpcEndpoint",
    ),
    "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation": (
        "ec2:DescribeVpcEndpoints", "ec2:ModifyVpcEndpoint",
    ),
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": (
        "ecr:DeleteLifecyclePolicy", "ecr:GetLifecyclePolicy", "ecr:PutLifecyclePolicy",
    ),
    "aws:ecr/repository:Repository": _PUSH,
    "aws:ecr/repositoryPolicy:RepositoryPolicy": (
        "ecr:DeleteRepositoryPolicy", "ecr:GetRepositoryPolicy", "ecr:SetRepositoryPolicy",
    ),
    "aws:efs/backupPolicy:BackupPolicy": (
        "elasticfilesystem:DescribeBackupPolicy", "elasticfilesystem:PutBackupPolicy",
    ),
    "aws:efs/fileSystemPolicy:FileSystemPolicy": (
        "elasticfilesystem:DeleteFileSystemPolicy", "elasticfilesystem:DescribeFileSystemPolicy",
        "elasticfilesystem:PutFileSystemPolicy",
    ),
    "aws:efs/mountTarget:MountTarget": (
        "elasticfilesystem:DescribeMountTargetSecurityGroups", "ec2:CreateNetworkInterface",
        "ec2:DescribeSubnets",
    ),
    "aws:iam/instanceProfile:InstanceProfile": (
        "iam:ListInstanceProfileTags", "iam:TagInstanceProfile", "iam:UntagInstanceProfile",
    ),
    "aws:iam/policy:Policy": (
        "iam:ListPolicyTags", "iam:TagPolicy", "iam:UntagPolicy",
    ),
    "aws:iam/role:Role": (
        "iam:ListInstanceProfilesForRole", "iam:PassRole", "iam:ListRolePolicies",
        "iam:CreateServiceLinkedRole",
    ),
    "aws:iam/rolePolicy:RolePolicy": (
        "iam:DeleteRolePolicy", "iam:GetRolePolicy", "iam:PutRolePolicy",
    ),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": (
        "iam:AttachRolePolicy", "iam:DetachRolePolicy", "iam:ListAttachedRolePolicies",
    ),
    "aws:kms/key:Key": (
        "kms:CancelKeyDeletion", "kms:GetKeyPolicy", "kms:ListKeyPolicies",
    ),
    "aws:lb/listenerCertificate:ListenerCertificate": (
        "elasticloadbalancing:AddListenerCertificates",
        "elasticloadbalancing:DescribeListenerCertificates",
        "elasticloadbalancing:RemoveListenerCertificates",
    ),
    "aws:lb/loadBalancer:LoadBalancer": (
        "elasticloadbalancing:DescribeCapacityReservation", "ec2:DescribeInternetGateways",
    ),
    "aws:lb/targetGroup:TargetGroup": ("elasticloadbalancing:DescribeTargetGroups",),
    "aws:mq/broker:Broker": (
        "mq:ListUsers", "mq:DescribeUser", "ec2:CreateNetworkInterface",
        "ec2:CreateNetworkInterfacePermission", "ec2:DescribeInternetGateways",
    ),
    "aws:mq/configuration:Configuration": (
        "mq:DescribeConfigurationRevision", "mq:ListTags",
    ),
    "aws:rds/instance:Instance": (
        "secretsmanager:CreateSecret", "secretsmanager:TagResource", "kms:DescribeKey",
        "kms:CreateGrant",
    ),
    "aws:route53/record:Record": (
        "route53:ChangeResourceRecordSets", "route53:GetChange", "route53:GetHostedZone",
        "route53:ListResourceRecordSets",
    ),
    "aws:route53/zone:Zone": (
        "route53:ChangeTagsForResource", "route53:CreateHostedZone", "route53:DeleteHostedZone",
        "route53:GetHostedZone", "route53:ListTagsForResource", "route53:UpdateHostedZoneComment",
    ),
    "aws:s3/bucket:Bucket": (*_BUCKET, *_EMPTYING),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": (
        "s3:GetLifecycleConfiguration", "s3:PutLifecycleConfiguration",
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": (
        "s3:GetBucketOwnershipControls", "s3:PutBucketOwnershipControls",
    ),
    "aws:s3/bucketPolicy:BucketPolicy": (
        "s3:DeleteBucketPolicy", "s3:GetBucketPolicy", "s3:PutBucketPolicy",
    ),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": (
        "s3:GetBucketPublicAccessBlock", "s3:PutBucketPublicAccessBlock",
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": (
        "s3:GetEncryptionConfiguration", "s3:PutEncryptionConfiguration",
    ),
    "aws:s3/bucketVersioning:BucketVersioning": (
        "s3:GetBucketVersioning", "s3:PutBucketVersioning",
    ),
    "aws:secretsmanager/secret:Secret": ("secretsmanager:GetResourcePolicy",),
    "aws:secretsmanager/secretRotation:SecretRotation": (
        "secretsmanager:CancelRotateSecret", "secretsmanager:DescribeSecret",
        "secretsmanager:RotateSecret",
    ),
    "aws:secretsmanager/secretVersion:SecretVersion": (
        "secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue",
        "secretsmanager:ListSecretVersionIds", "secretsmanager:PutSecretValue",
        "secretsmanager:UpdateSecretVersionStage", "kms:Decrypt", "kms:GenerateDataKey",
    ),
    "aws:sns/topicPolicy:TopicPolicy": ("sns:GetTopicAttributes", "sns:SetTopicAttributes"),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _GROUP_RULES,
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _GROUP_RULES,
    "aws:wafv2/webAclAssociation:WebAclAssociation": ("elasticloadbalancing:SetWebAcl",),
    "aws:wafv2/webAclRule:WebAclRule": (
        "wafv2:GetWebACL", "wafv2:UpdateWebACL",
    ),
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": (
        "logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeLogGroups",
        "logs:DescribeResourcePolicies", "logs:PutResourcePolicy",
    ),
}  # fmt: skip
"""Pulumi's token → actions, beside those of account/actions.json."""
