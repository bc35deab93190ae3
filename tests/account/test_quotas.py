"""Quotas against what the plan needs and what others use."""

from account.needs import ADDRESSES, VCPUS, Need
from account.plan import Plan, PlannedResource
from account.quotas import log_policy_finding, quota_findings
from tests.account.answers import Answer, ScriptedAws, missing, tagged

CLUSTER = "scipio-prod"
OTHERS = {"Tags": tagged("scipio-staging")}
OWN = {"Tags": tagged(CLUSTER)}


def account(value: float, **answers: Answer) -> ScriptedAws:
    known = {name.replace("__", "."): answer for name, answer in answers.items()}
    return ScriptedAws(
        answers={"service-quotas.get_service_quota": {"Quota": {"Value": value}}, **known}
    )


def addresses(aws: ScriptedAws, amount: int = 3) -> str:
    [found] = quota_findings(aws, [Need(quota=ADDRESSES, amount=amount)], CLUSTER)
    return f"{found.verdict}: {found.seen} {found.remedy}"


def test_what_others_use_counts_and_what_the_cluster_has_does_not() -> None:
    there = {"Addresses": [OTHERS, OTHERS, {}, OWN, OWN, OWN]}
    assert addresses(account(6, ec2__describe_addresses=there)).startswith("fits: 3 needed")
    found = addresses(account(5, ec2__describe_addresses=there))
    assert found.startswith("lacks: 3 needed at most, 3 used by others, 5 allowed")
    assert "--service-code ec2 --quota-code L-0263D0A3 --desired-value 6" in found


def test_an_account_that_never_asked_for_more_has_the_default() -> None:
    aws = ScriptedAws(
        answers={
            "service-quotas.get_service_quota": missing("NoSuchResourceException"),
            "service-quotas.get_aws_default_service_quota": {"Quota": {"Value": 5}},
        }
    )
    assert addresses(aws).startswith("fits: 3 needed at most, 0 used by others, 5 allowed")


def test_a_quota_that_the_service_does_not_know_is_not_known() -> None:
    aws = ScriptedAws(
        answers={
            f"service-quotas.{each}": missing("NoSuchResourceException")
            for each in ("get_service_quota", "get_aws_default_service_quota")
        }
    )
    assert addresses(aws).startswith("unknown: 3 needed")


def test_processors_of_other_servers_count_but_for_spot_and_other_families() -> None:
    servers = [
        {"InstanceType": "m7i.large"},
        {"InstanceType": "m7i.large", "Tags": tagged(CLUSTER)},
        {"InstanceType": "t3.xlarge"},
        {"InstanceType": "m7i.large", "InstanceLifecycle": "spot"},
        {"InstanceType": "g5.xlarge"},
    ]
    types = [
        {"InstanceType": "m7i.large", "VCpuInfo": {"DefaultVCpus": 2}},
        {"InstanceType": "t3.xlarge", "VCpuInfo": {"DefaultVCpus": 4}},
    ]
    aws = account(
        20,
        ec2__describe_instances={"Reservations": [{"Instances": servers}]},
        ec2__describe_instance_types={"InstanceTypes": types},
    )
    [found] = quota_findings(aws, [Need(quota=VCPUS, amount=16)], CLUSTER)
    assert (found.verdict, found.seen) == (
        "lacks",
        "16 needed at most, 6 used by others, 20 allowed",
    )


def test_an_eleventh_policy_of_the_logs_is_refused() -> None:
    resource = PlannedResource(
        type="aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
        name="logs",
        component="",
        inputs={"policyName": "scipio-prod-broker-logs"},
    )
    there = [{"policyName": f"other-{number}"} for number in range(10)]
    for found, verdict in ((there, "lacks"), (there[1:], "fits")):
        aws = ScriptedAws(answers={"logs.describe_resource_policies": {"resourcePolicies": found}})
        finding = log_policy_finding(aws, Plan((resource,)))
        assert finding is not None
        assert finding.verdict == verdict
    assert log_policy_finding(ScriptedAws(), Plan(())) is None
