"""How much of each quota a stack takes follows from its plan and its settings."""

from typing import Any

import pytest

from account.needs import QUOTAS, needs, vcpus
from account.plan import resource_of
from tests.account.stacks import NO_CHANGE, aws_settings, recorded_plan
from tests.components.aws.stacks import STACKS, StackName


def amounts(stack: StackName, changes: Any = NO_CHANGE) -> dict[str, int]:
    found = needs(recorded_plan(stack, changes), aws_settings(stack, changes))
    return {each.quota.name: each.amount for each in found}


def test_production_takes_an_address_a_zone() -> None:
    found = amounts("prod")
    assert found["EC2-VPC Elastic IPs"] == 3
    assert found["NAT gateways per Availability Zone"] == 1
    assert found["VPCs per Region"] == 1
    assert found["Application Load Balancers per Region"] == 1
    assert found["Network Load Balancers per Region"] == 1


def test_a_cluster_without_a_way_out_takes_no_address() -> None:
    found = amounts("dev", {"network": {"nat": "none", "interfaceEndpoints": True}})
    assert "EC2-VPC Elastic IPs" not in found


def test_addresses_of_visitors_are_two_rules_each() -> None:
    allowed = [f"203.0.113.{number}/32" for number in range(40)]
    found = amounts("dev", {"balancer": {"allowedCidrs": allowed}})
    assert found["Inbound or outbound rules per security group"] == 80


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        # 4 servers of two processors, half as many more in a replacement, and two of the search.
        ({}, 2 * 6 + 4),
        ({"servers": {"max": 8}}, 2 * 12 + 4),
        ({"servers": {"instanceType": "m7i.xlarge"}}, 4 * 6 + 4),
        ({"search": {"mode": "off"}, "balancer": {"rootRedirect": "/admin"}}, 2 * 6),
    ],
)
def test_processors_are_those_of_all_servers_that_may_run_at_once(
    changes: dict[str, Any], expected: int
) -> None:
    assert vcpus(aws_settings("prod", changes)) == expected


@pytest.mark.parametrize("stack", STACKS)
def test_each_quota_is_of_something_that_the_plan_makes(stack: StackName) -> None:
    assert all(each.amount > 0 for each in needs(recorded_plan(stack), aws_settings(stack)))


def test_no_quota_is_listed_twice() -> None:
    assert len({(each.service, each.code) for each in QUOTAS}) == len(QUOTAS)


def test_a_urn_says_type_name_and_component() -> None:
    found = resource_of(
        "urn:pulumi:prod::scipio::scipio:aws:AwsPlatform$scipio:aws:Nat$aws:ec2/eip:Eip::nat-a::b",
        {},
    )
    assert (found.type, found.name, found.component) == (
        "aws:ec2/eip:Eip",
        "nat-a::b",
        "scipio:aws:Nat",
    )
