"""Each rule has a resource that breaks it, and one that keeps it."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

import pytest

from policies.places import at, is_known
from policies.rule import Profile, Resource, Rule, StackRule
from policies.rules import faults_of, rules_of, stack_rules_of
from policies.tls import ACCEPTED
from settings.aws.catalogue import TlsPolicy
from tests.policies.examples import EXAMPLES, STACK_EXAMPLES, resource

RULES = {rule.name: rule for rule in rules_of("prod")}
STACK_RULES = {rule.name: rule for rule in stack_rules_of("prod")}

TO_COME = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


class Unknown:
    """A value that a recorded preview does not know."""


def test_every_rule_has_examples_and_every_example_a_rule() -> None:
    assert set(EXAMPLES) == set(RULES)
    assert set(STACK_EXAMPLES) == set(STACK_RULES)


@pytest.mark.parametrize("name", RULES)
def test_the_good_example_has_no_fault(name: str) -> None:
    example = EXAMPLES[name]
    assert said(RULES[name], example.type, example.good) == []


@pytest.mark.parametrize("name", RULES)
def test_each_bad_example_is_found_with_what_was_seen_and_what_to_do(name: str) -> None:
    example = EXAMPLES[name]
    assert example.bad
    for inputs, fault in example.bad:
        found = said(RULES[name], example.type, inputs)
        assert any(fault in sentence for sentence in found), found
        assert all(sentence.endswith(".") for sentence in found), found


@pytest.mark.parametrize("name", RULES)
def test_resources_of_other_types_are_left_alone(name: str) -> None:
    example = EXAMPLES[name]
    assert said(RULES[name], "aws:sqs/queue:Queue", {}) == []
    assert example.type != "aws:sqs/queue:Queue"


@pytest.mark.parametrize("unknown", [TO_COME, Unknown()], ids=["the engine's", "an object"])
@pytest.mark.parametrize("name", RULES)
def test_what_is_not_known_yet_breaks_no_rule(name: str, unknown: object) -> None:
    """Each argument of the bad examples becomes unknown: at the top, and at every leaf."""
    example = EXAMPLES[name]
    for inputs, _ in example.bad:
        nothing = dict.fromkeys([*example.good, *inputs], unknown)
        assert said(RULES[name], example.type, nothing) == []
        for changed in with_one_unknown(inputs, unknown):
            said(RULES[name], example.type, changed)


@pytest.mark.parametrize("name", STACK_RULES)
def test_a_good_stack_has_no_fault(name: str) -> None:
    assert sentences(STACK_RULES[name], STACK_EXAMPLES[name].good) == []


@pytest.mark.parametrize("name", STACK_RULES)
def test_each_bad_stack_is_found(name: str) -> None:
    assert STACK_EXAMPLES[name].bad
    for resources, fault in STACK_EXAMPLES[name].bad:
        found = sentences(STACK_RULES[name], resources)
        assert any(fault in sentence for sentence in found), found


@pytest.mark.parametrize("name", STACK_RULES)
def test_a_stack_of_unknowns_breaks_no_promise_about_values(name: str) -> None:
    for resources, _ in STACK_EXAMPLES[name].bad:
        unknown = [
            Resource(type=each.type, name=each.name, inputs=dict.fromkeys(each.inputs, Unknown()))
            for each in resources
        ]
        sentences(STACK_RULES[name], unknown)


def test_an_unknown_security_group_is_not_called_open() -> None:
    rule = STACK_RULES["only-the-balancer-is-open"]
    resources = [
        resource("aws:lb/loadBalancer:LoadBalancer", securityGroups=[Unknown()]),
        resource(
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            securityGroupId=Unknown(),
            cidrIpv4="0.0.0.0/0",
        ),
    ]
    assert sentences(rule, resources) == []


def test_a_key_may_be_administered_by_its_own_account() -> None:
    """`*` in a key's own policy is that key."""
    document = EXAMPLES["no-wildcard-administration"].bad[1][0]["policy"].replace("ec2:", "kms:")
    rule = RULES["no-wildcard-administration"]
    assert said(rule, "aws:kms/key:Key", {"policy": document}) == []
    assert said(rule, "aws:iam/policy:Policy", {"policy": document}) != []


def test_the_policy_of_an_endpoint_grants_nothing() -> None:
    document = EXAMPLES["nobody-is-everybody"].bad[0][0]
    rule = RULES["nobody-is-everybody"]
    assert said(rule, "aws:ec2/vpcEndpoint:VpcEndpoint", document) == []


@pytest.mark.parametrize(("key", "faults"), [("arn:aws:kms:…", 0), (Unknown(), 0), (None, 2)])
def test_copies_of_backups_lie_where_the_stacks_key_is_not(key: object, faults: int) -> None:
    vaults = [
        resource("aws:kms/key:Key"),
        resource("aws:backup/vault:Vault", name="backup", kmsKeyArn=key),
        resource("aws:backup/vault:Vault", name="backup-copy"),
    ]
    assert len(sentences(STACK_RULES["own-key-is-used"], vaults)) == faults


def test_rules_inside_a_security_group_are_read_too() -> None:
    rule = RULES["open-ports-are-80-and-443"]
    inputs = {
        "ingress": [{"cidrBlocks": ["10.0.0.0/8", "0.0.0.0/0"], "fromPort": 22, "toPort": 22}]
    }
    found = said(rule, "aws:ec2/securityGroup:SecurityGroup", inputs)
    assert len(found) == 1
    assert found[0].startswith("ingress[0].cidrBlocks[1] is 0.0.0.0/0 at port 22")


@pytest.mark.parametrize(
    ("profile", "days", "kept"),
    [("dev", 1, True), ("dev", 0, False), ("staging", 2, False), ("prod", 6, False)],
)
def test_backups_are_asked_for_by_profile(profile: Profile, days: int, kept: bool) -> None:
    rule = next(rule for rule in rules_of(profile) if rule.name == "database-can-be-restored")
    inputs = {"backupRetentionPeriod": days}
    assert (said(rule, EXAMPLES[rule.name].type, inputs) == []) is kept


def test_production_has_every_rule_of_the_smaller_profiles() -> None:
    names = names_of("prod")
    assert len(set(names)) == len(names)
    smaller: tuple[Profile, ...] = ("local", "dev", "staging")
    for profile in smaller:
        assert set(names_of(profile)) < set(names)


def test_every_policy_that_the_settings_offer_is_accepted() -> None:
    assert set(get_args(TlsPolicy)) <= ACCEPTED


def test_faults_of_a_stack_name_resource_and_rule() -> None:
    stack = [resource("aws:rds/instance:Instance", name="database", publiclyAccessible=True)]
    found = faults_of(stack, "prod")
    wanted = "database (aws:rds/instance:Instance): publiclyAccessible is true. It must be false"
    assert any(fault.startswith(wanted) for fault in found)
    assert all(fault.endswith("]") for fault in found)


def test_a_path_leads_into_every_item_and_names_it() -> None:
    inputs = {"rules": [{"id": "a"}, {}, Unknown(), {"id": Unknown()}], "name": "x"}
    assert list(at(inputs, "rules[].id")) == [("rules[0].id", "a"), ("rules[1].id", None)]
    assert list(at(inputs, "nothing[].id")) == []
    assert list(at(inputs, "nothing.id")) == [("nothing.id", None)]
    assert list(at(inputs, "name")) == [("name", "x")]
    assert not is_known(TO_COME)


def names_of(profile: Profile) -> list[str]:
    single = [rule.name for rule in rules_of(profile)]
    return single + [rule.name for rule in stack_rules_of(profile)]


def said(rule: Rule, type_: str, inputs: Mapping[str, Any]) -> list[str]:
    return [str(fault) for fault in rule.faults(type_, inputs)]


def sentences(rule: StackRule, resources: Any) -> list[str]:
    return [str(fault) for fault in rule.faults(resources)]


def with_one_unknown(value: Any, unknown: object) -> Iterator[Any]:
    """The value in as many variants as it has leaves, one of them unknown in each."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from ({**value, key: changed} for changed in with_one_unknown(inner, unknown))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            for changed in with_one_unknown(inner, unknown):
                yield [*value[:index], changed, *value[index + 1 :]]
    else:
        yield unknown
