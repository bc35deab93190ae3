"""How much of each quota the plan of a stack takes. Pure; plan and settings in, numbers out."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from account.plan import Plan
from settings.aws.catalogue import machine
from settings.aws.groups import server_groups
from settings.aws.settings import AwsSettings
from settings.aws.sizing import servers_at_most


@dataclass(frozen=True, kw_only=True)
class Quota:
    """One limit of Service Quotas. Codes are the same in all regions
    (`aws service-quotas list-aws-default-service-quotas --service-code …`)."""

    service: str
    code: str
    name: str
    """As AWS calls it."""


ADDRESSES: Final = Quota(service="ec2", code="L-0263D0A3", name="EC2-VPC Elastic IPs")
VCPUS: Final = Quota(
    service="ec2", code="L-1216C47A", name="Running On-Demand Standard instances (vCPUs)"
)
VPCS: Final = Quota(service="vpc", code="L-F678F1CE", name="VPCs per Region")
GATEWAYS: Final = Quota(service="vpc", code="L-A4707A72", name="Internet gateways per Region")
NAT_GATEWAYS: Final = Quota(
    service="vpc", code="L-FE5A380F", name="NAT gateways per Availability Zone"
)
GROUP_RULES: Final = Quota(
    service="vpc", code="L-0EA8095F", name="Inbound or outbound rules per security group"
)
BALANCERS: Final = Quota(
    service="elasticloadbalancing",
    code="L-53DA6B97",
    name="Application Load Balancers per Region",
)
NETWORK_BALANCERS: Final = Quota(
    service="elasticloadbalancing", code="L-69A177A2", name="Network Load Balancers per Region"
)
BALANCER_RULES: Final = Quota(
    service="elasticloadbalancing",
    code="L-7EED9B64",
    name="Rules per Application Load Balancer",
)
DATABASES: Final = Quota(service="rds", code="L-7B6409FD", name="DB instances")
FILE_SYSTEMS: Final = Quota(
    service="elasticfilesystem", code="L-848C634D", name="File systems per account"
)

QUOTAS: Final = (
    ADDRESSES, VCPUS, VPCS, GATEWAYS, NAT_GATEWAYS, GROUP_RULES, BALANCERS, NETWORK_BALANCERS,
    BALANCER_RULES, DATABASES, FILE_SYSTEMS,
)  # fmt: skip

LOG_POLICIES_MAX: Final = 10
"""Resource policies of CloudWatch Logs in a region; cannot be raised, and Service Quotas does not
list it (AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl)."""

_RULES: Final = (
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
)


@dataclass(frozen=True, kw_only=True)
class Need:
    """So much of a quota."""

    quota: Quota
    amount: int


def needs(plan: Plan, settings: AwsSettings) -> tuple[Need, ...]:
    """What the whole stack takes, in the order of `QUOTAS`; what it does not touch is left out."""
    balancers = Counter(
        str(each.inputs.get("loadBalancerType", "application"))
        for each in plan.of_type("aws:lb/loadBalancer:LoadBalancer")
    )
    amounts = {
        ADDRESSES: len(plan.of_type("aws:ec2/eip:Eip")),
        VCPUS: vcpus(settings),
        VPCS: len(plan.of_type("aws:ec2/vpc:Vpc")),
        GATEWAYS: len(plan.of_type("aws:ec2/internetGateway:InternetGateway")),
        # One a zone at most, each with its own.
        NAT_GATEWAYS: min(1, len(plan.of_type("aws:ec2/natGateway:NatGateway"))),
        GROUP_RULES: _most(_rules_of_one_group(plan)),
        BALANCERS: balancers["application"],
        NETWORK_BALANCERS: balancers["network"],
        BALANCER_RULES: len(plan.of_type("aws:lb/listenerRule:ListenerRule")),
        DATABASES: len(plan.of_type("aws:rds/instance:Instance")),
        FILE_SYSTEMS: len(plan.of_type("aws:efs/fileSystem:FileSystem")),
    }
    return tuple(Need(quota=each, amount=amounts[each]) for each in QUOTAS if amounts[each])


def vcpus(settings: AwsSettings) -> int:
    """Processors of all servers that may run at once: both colours, each with the surplus of a
    replacement, and the search server with the one that takes its place."""
    servers = machine(settings.servers.instance_type).vcpus
    found = servers * sum(servers_at_most(settings, each) for each in server_groups(settings))
    if settings.search.mode == "solr":
        found += 2 * machine(settings.search.instance_type).vcpus
    return found


def _rules_of_one_group(plan: Plan) -> Iterable[int]:
    """Rules of each direction that one component makes: of one of its groups, at most so many."""
    return Counter((each.type, each.component) for each in plan if each.type in _RULES).values()


def _most(counts: Iterable[int]) -> int:
    return max(counts, default=0)
