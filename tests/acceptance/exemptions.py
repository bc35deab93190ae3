"""What Checkov finds in production's plan and why it stays so; a test holds that each is found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Exemption:
    """One check, for resources of one of Terraform's types."""

    check: str
    type: str
    why: str


EXEMPTIONS = (
    Exemption("CKV2_AWS_38", "aws_route53_zone", "the zone is the stack owner's, not the stack's"),
    Exemption(
        "CKV2_AWS_57",
        "aws_secretsmanager_secret",
        "the ERP reads its passwords when it starts: a password that changes in between would lock "
        "its nodes out. A release changes them; the administrator's of the database is rotated",
    ),
    *(
        Exemption(check, "aws_s3_bucket", f"a bucket of access logs: {why}")
        for check, why in (
            ("CKV2_AWS_62", "nothing waits for its objects"),
            ("CKV_AWS_144", "its lines are evidence of one region's requests, and expire"),
            ("CKV_AWS_145", "a load balancer delivers to buckets with SSE-S3 alone"),
            (
                "CKV_AWS_18",
                "a log of its readers would need a bucket with a log of its own",
            ),
            ("CKV_AWS_21", "objects are written once and expire"),
        )
    ),
    Exemption(
        "CKV2_AWS_76",
        "aws_lb",
        "the firewall has AWSManagedRulesKnownBadInputsRuleSet, and own rules that act on its "
        "labels: the check knows a group that acts by itself alone",
    ),
    Exemption(
        "CKV_AWS_161",
        "aws_db_instance",
        "nodes log in with a password over verified TLS: the ERP's pool knows no tokens",
    ),
    Exemption(
        "CKV_AWS_260",
        "aws_vpc_security_group_ingress_rule",
        "visitors: port 80 answers with the way to https, and nothing else",
    ),
    Exemption(
        "CKV_AWS_338",
        "aws_cloudwatch_log_group",
        "monitoring.logRetentionDays decides, 90 days in production: a year costs by the gigabyte",
    ),
    Exemption(
        "CKV_AWS_378",
        "aws_lb_target_group",
        "within the VPC, between two security groups; TLS ends at the load balancer",
    ),
    Exemption(
        "CKV_AWS_91",
        "aws_lb",
        "the search's balancer passes TCP between nodes of the cluster: it has no requests to log",
    ),
)
