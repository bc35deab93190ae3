"""Whether the quotas of the account leave room for what the plan needs."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from account import needs as quotas
from account.errors import MissingError
from account.finding import Finding, fits, lacks, unknown
from account.needs import LOG_POLICIES_MAX, Need, Quota
from account.plan import Plan
from account.session import Aws, tags_of

STANDARD: Final = frozenset("acdhimrtz")
"""First letters of the instance families that count for the quota of standard instances."""

Used = Callable[[Aws, str], int]
"""How much of a quota others than the cluster of that name use."""


def quota_findings(aws: Aws, needed: Sequence[Need], cluster: str) -> Iterator[Finding]:
    """One for each need."""
    for need in needed:
        yield _finding(aws, need, cluster)


def log_policy_finding(aws: Aws, plan: Plan) -> Finding | None:
    """Whether one more resource policy of CloudWatch Logs fits; None: the plan has none."""
    subject = "Resource policies of CloudWatch Logs"
    planned = {
        str(each.inputs.get("policyName"))
        for each in plan.of_type("aws:cloudwatch/logResourcePolicy:LogResourcePolicy")
    }
    if not planned:
        return None
    there = aws.ask_all("logs", "describe_resource_policies", "resourcePolicies")
    others = [each for each in there if each.get("policyName") not in planned]
    seen = f"{len(planned)} needed, {len(others)} used by others, {LOG_POLICIES_MAX} allowed"
    if len(planned) + len(others) <= LOG_POLICIES_MAX:
        return fits(subject, seen)
    return lacks(
        subject,
        seen,
        "AWS does not raise this one: merge or delete a policy "
        "(`aws logs describe-resource-policies`), or set messaging.logs to false.",
    )


def _finding(aws: Aws, need: Need, cluster: str) -> Finding:
    subject = f"Quota: {need.quota.name}"
    allowed = _allowed(aws, need.quota)
    if allowed is None:
        return unknown(
            subject,
            f"{need.amount} needed; Service Quotas does not know {need.quota.code} here",
            f"Look at the quotas of {need.quota.service} in the console.",
        )
    used = USED[need.quota](aws, cluster) if need.quota in USED else 0
    seen = f"{need.amount} needed at most, {used} used by others, {allowed} allowed"
    if need.amount + used <= allowed:
        return fits(subject, seen)
    return lacks(
        subject,
        seen,
        "Ask for more, which takes hours to days: `aws service-quotas "
        f"request-service-quota-increase --service-code {need.quota.service} --quota-code "
        f"{need.quota.code} --desired-value {need.amount + used} --region {aws.region}`.",
    )


def _allowed(aws: Aws, quota: Quota) -> int | None:
    """The account's own value; where it never asked for another, AWS's default."""
    asked = {"ServiceCode": quota.service, "QuotaCode": quota.code}
    for operation in ("get_service_quota", "get_aws_default_service_quota"):
        try:
            answer = aws.ask("service-quotas", operation, **asked)
        except MissingError:
            continue
        return int(answer["Quota"]["Value"])
    return None


def _others(things: Sequence[Mapping[str, Any]], cluster: str, tags: str = "Tags") -> int:
    return sum(tags_of(each, tags).get("Cluster") != cluster for each in things)


def _addresses(aws: Aws, cluster: str) -> int:
    return _others(aws.ask_all("ec2", "describe_addresses", "Addresses"), cluster)


def _vpcs(aws: Aws, cluster: str) -> int:
    return _others(aws.ask_all("ec2", "describe_vpcs", "Vpcs"), cluster)


def _gateways(aws: Aws, cluster: str) -> int:
    found = aws.ask_all("ec2", "describe_internet_gateways", "InternetGateways")
    return _others(found, cluster)


def _nat_gateways(aws: Aws, cluster: str) -> int:
    """In the zone that has most of them."""
    living = [{"Name": "state", "Values": ["pending", "available"]}]
    gateways = aws.ask_all("ec2", "describe_nat_gateways", "NatGateways", Filter=living)
    others = [each for each in gateways if tags_of(each).get("Cluster") != cluster]
    if not others:
        return 0
    subnets = aws.ask_all("ec2", "describe_subnets", "Subnets")
    zones = {each["SubnetId"]: str(each["AvailabilityZone"]) for each in subnets}
    return max(Counter(zones.get(each["SubnetId"], "") for each in others).values())


def _databases(aws: Aws, cluster: str) -> int:
    return _others(aws.ask_all("rds", "describe_db_instances", "DBInstances"), cluster, "TagList")


def _file_systems(aws: Aws, cluster: str) -> int:
    return _others(aws.ask_all("efs", "describe_file_systems", "FileSystems"), cluster)


def _balancers_of(kind: str) -> Used:
    def used(aws: Aws, cluster: str) -> int:
        all_of_them = aws.ask_all("elbv2", "describe_load_balancers", "LoadBalancers")
        arns = [each["LoadBalancerArn"] for each in all_of_them if each.get("Type") == kind]
        # Twenty at a time (API reference, DescribeTags).
        described = [
            each
            for start in range(0, len(arns), 20)
            for each in aws.ask("elbv2", "describe_tags", ResourceArns=arns[start : start + 20])[
                "TagDescriptions"
            ]
        ]
        return _others(described, cluster)

    return used


def _vcpus(aws: Aws, cluster: str) -> int:
    """Of running servers that pay by the hour; spot has a quota of its own."""
    running = [{"Name": "instance-state-name", "Values": ["pending", "running"]}]
    reservations = aws.ask_all("ec2", "describe_instances", "Reservations", Filters=running)
    types = [
        str(each["InstanceType"])
        for reservation in reservations
        for each in reservation["Instances"]
        if each["InstanceType"][0] in STANDARD
        and "InstanceLifecycle" not in each
        and tags_of(each).get("Cluster") != cluster
    ]
    if not types:
        return 0
    described = aws.ask_all(
        "ec2", "describe_instance_types", "InstanceTypes", InstanceTypes=sorted(set(types))
    )
    size = {each["InstanceType"]: int(each["VCpuInfo"]["DefaultVCpus"]) for each in described}
    return sum(size[each] for each in types)


USED: Final[Mapping[Quota, Used]] = {
    quotas.ADDRESSES: _addresses,
    quotas.VCPUS: _vcpus,
    quotas.VPCS: _vpcs,
    quotas.GATEWAYS: _gateways,
    quotas.NAT_GATEWAYS: _nat_gateways,
    quotas.BALANCERS: _balancers_of("application"),
    quotas.NETWORK_BALANCERS: _balancers_of("network"),
    quotas.DATABASES: _databases,
    quotas.FILE_SYSTEMS: _file_systems,
}
"""Quotas that others use as well; the rest are of one thing each, which is the stack's own."""
