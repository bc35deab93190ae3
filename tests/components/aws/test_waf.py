"""The firewall: what it stops, and what it must let pass for the ERP to work."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.aws.waf import Waf, WafArgs
from components.aws.waf_groups import COMMON, GROUPS, ManagedGroup, UnknownWafRuleError
from components.aws.waf_paths import (
    EXPRESSION_MAX_LENGTH,
    WafPathError,
    blocked_expressions,
    prefix_expressions,
    view_expressions,
)
from contract.routing import BlockedPath, RoutingRules
from settings.aws import waf as models
from settings.routing import HEALTH_PATH, blocked
from settings.visitor_paths import BLOCKED_PATHS, PUBLIC_PATHS, VIEW_PATHS
from tests.components.aws.front_door import OFFICE, Request, firewall_action, node_reads
from tests.components.aws.sections import KEY_ARN, recorded, section, surroundings
from tests.support.recorder import Inputs, Recording

BALANCER_ARN = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/a/0"
STAFF = ("/admin", "/ordermgr", "/ismgr", "/iCalendar", "/a.webapp-of_my_own")
LABELS = [label for group in GROUPS for label in group.body_labels]


def waf(
    *,
    back_office_cidrs: tuple[str, ...] = (),
    public_paths: tuple[str, ...] = PUBLIC_PATHS,
    visitor_header: str | None = None,
    key_arn: str | None = KEY_ARN,
    log_retention_days: int = 90,
    cluster: str = "scipio-prod",
    **changes: Any,
) -> Recording:
    args = WafArgs(
        surroundings=surroundings(cluster=cluster),
        waf=section(models.Waf, "waf", **changes),
        routing=RoutingRules(
            health_path=HEALTH_PATH,
            root_redirect="/shop/",
            blocked=blocked(BLOCKED_PATHS),
            public_paths=public_paths,
            view_paths=VIEW_PATHS,
            back_office_cidrs=back_office_cidrs,
            stickiness_s=3600,
        ),
        load_balancer_arn=BALANCER_ARN,
        visitor_header=visitor_header,
        log_retention_days=log_retention_days,
        key_arn=key_arn,
    )
    return recorded(lambda: Waf("waf", args))


@pytest.fixture(scope="module")
def prod() -> Recording:
    return waf()


@pytest.fixture(scope="module")
def with_office() -> Recording:
    return waf(back_office_cidrs=("203.0.113.0/24",))


def rules(recording: Recording) -> dict[str, Inputs]:
    [acl] = recording.of_type("WebAcl")
    return {str(rule["name"]): rule for rule in acl.inputs["rules"]}


def test_it_stands_before_the_load_balancer(prod: Recording) -> None:
    [acl] = prod.of_type("WebAcl")
    [association] = prod.of_type("WebAclAssociation")

    assert acl.inputs["scope"] == "REGIONAL"
    assert acl.inputs["defaultAction"] == {"allow": {}}
    assert association.inputs["resourceArn"] == BALANCER_ARN
    assert association.inputs["webAclArn"] == acl.outputs["arn"]


def test_every_rule_has_a_priority_a_name_and_figures_of_its_own(prod: Recording) -> None:
    [acl] = prod.of_type("WebAcl")
    seen = acl.inputs["rules"]

    assert [rule["priority"] for rule in seen] == list(range(len(seen)))
    assert len({rule["name"] for rule in seen}) == len(seen)
    assert len({rule["visibilityConfig"]["metricName"] for rule in seen}) == len(seen)
    for rule in seen:
        assert re.fullmatch(r"[\w#:./-]{1,128}", rule["visibilityConfig"]["metricName"])


def test_the_managed_groups_are_asked_after_our_own_rules(prod: Recording) -> None:
    managed = [
        rule["statement"]["managedRuleGroupStatement"]["name"]
        for rule in rules(prod).values()
        if "managedRuleGroupStatement" in rule["statement"]
    ]

    assert managed == [
        "AWSManagedRulesAmazonIpReputationList",
        "AWSManagedRulesKnownBadInputsRuleSet",
        "AWSManagedRulesCommonRuleSet",
        "AWSManagedRulesSQLiRuleSet",
    ]
    assert list(rules(prod))[-1] == "bodies-outside-uploads"


def test_rules_that_break_forms_and_uploads_only_count(prod: Recording) -> None:
    overrides = rules(prod)["common"]["statement"]["managedRuleGroupStatement"][
        "ruleActionOverrides"
    ]

    assert {each["name"] for each in overrides} == {
        "SizeRestrictions_BODY",
        "CrossSiteScripting_BODY",
        "GenericLFI_BODY",
        "GenericRFI_BODY",
        "EC2MetaDataSSRF_BODY",
        "SizeRestrictions_QUERYSTRING",
    }
    assert all(each["actionToUse"] == {"count": {}} for each in overrides)


def test_what_java_programs_are_attacked_with_is_always_stopped(prod: Recording) -> None:
    """Deserialisation and Log4j are stopped in uploads too."""
    rule = rules(prod)["known-bad-inputs"]

    assert rule["statement"]["managedRuleGroupStatement"]["ruleActionOverrides"] == []
    assert rule["overrideAction"] == {"none": {}}


def test_a_misspelt_rule_of_amazons_is_refused_where_it_is_written() -> None:
    """The service ignores it without a word."""
    with pytest.raises(UnknownWafRuleError, match=r"has no rule SizeRestriction_BODY; it has .*"):
        ManagedGroup(
            name=COMMON.name,
            part=COMMON.part,
            rules=COMMON.rules,
            label_prefix=COMMON.label_prefix,
            body_rules={"SizeRestriction_BODY": "SizeRestrictions_Body"},
        )


def test_labels_are_written_as_amazon_writes_them() -> None:
    """They differ from the rules' names in upper and lower case, and are compared by it."""
    for group in GROUPS:
        for rule, ending in group.body_rules.items():
            assert ending.lower() == rule.lower()
            assert ending.endswith("_Body")


@pytest.mark.parametrize("label", LABELS)
def test_a_marked_body_of_a_visitor_is_stopped(
    prod: Recording, with_office: Recording, label: str
) -> None:
    marked = frozenset({label})

    for path in (
        "/shop/control/addtocart",
        "/catalog/controls",
        "/shop/catalog/control/x",
        "/catalog/control/../../shop/control/x",
        "/catalog/control/%2e%2e/%2e%2e/shop/control/x",
        "/catalog/index.html",
        "/",
    ):
        assert firewall_action(prod, Request(path=path, labels=marked)) == "block"
        assert firewall_action(with_office, Request(path=path, labels=marked)) == "block"


@pytest.mark.parametrize(
    "path",
    [
        "/accounting/control/createInvoice",
        "/catalog/control/UploadProductImage",
        "/facility/control/ReceiveInventory;jsessionid=1",
        "/ordermgr/control/massChangeApproved",
        "/webtools/control/entityImport",
        "/own-webapp/control/x",
    ],
)
@pytest.mark.parametrize("label", LABELS)
def test_large_forms_and_uploads_of_every_staff_application_pass(
    prod: Recording, with_office: Recording, path: str, label: str
) -> None:
    """More than 8 KB, or markup: rows of a form, files, texts of an editor."""
    marked = frozenset({label})

    assert firewall_action(prod, Request(path=path, labels=marked)) == "allow"
    assert firewall_action(with_office, Request(path=path, labels=marked, source=OFFICE)) == "allow"
    assert firewall_action(with_office, Request(path=path, labels=marked)) == "block"


def test_an_upload_of_customers_passes_where_it_is_said() -> None:
    marked = frozenset({LABELS[0]})
    recording = waf(upload_paths=["/shop/control/uploadReceipt"])

    for path in ("/shop/control/uploadReceipt", "/shop/control/uploadReceipt;jsessionid=1"):
        assert firewall_action(recording, Request(path=path, labels=marked)) == "allow"
    elsewhere = Request(path="/shop/control/addtocart", labels=marked)
    assert firewall_action(recording, elsewhere) == "block"


@pytest.mark.parametrize("path", ["/shop/control/main", "/ordermgr/control/orderlist"])
def test_offices_are_many_people_behind_one_address(with_office: Recording, path: str) -> None:
    """A visitor's address is one, or an attack."""
    office = Request(path=path, source=OFFICE, one_of_too_many=True)
    assert firewall_action(with_office, office) == "allow"
    assert firewall_action(with_office, Request(path=path, one_of_too_many=True)) == "block"


def test_without_offices_everybody_is_counted(prod: Recording) -> None:
    request = Request(path="/shop/control/main", source=OFFICE, one_of_too_many=True)
    assert firewall_action(prod, request) == "block"


def test_a_long_query_of_a_find_screen_passes(prod: Recording) -> None:
    label = "awswaf:managed:aws:core-rule-set:SizeRestrictions_QueryString"
    request = Request(path="/partymgr/control/findparty", labels=frozenset({label}))

    assert firewall_action(prod, request) == "allow"


def test_without_upload_paths_marked_bodies_pass_nowhere() -> None:
    recording = waf(upload_paths=[])
    request = Request(path="/shop/control/x", labels=frozenset(LABELS[:1]))

    assert firewall_action(recording, request) == "block"


@pytest.mark.parametrize(
    "path",
    [
        HEALTH_PATH,
        "/shop/control/main",
        "/shop/control/main;jsessionid=0123",
        "/shop/control/product/~product_id=A%20B%2BC",
        "/images/products/%C3%A4pfel.png",
        "/images//logo.png",
        "/solutions",
        "/webtools/control/httpServices",
        "/ordermgr/control/orderview",
    ],
)
def test_ordinary_requests_pass(prod: Recording, path: str) -> None:
    assert firewall_action(prod, Request(path=path)) == "allow"


@pytest.mark.parametrize(
    "path",
    [
        "/%73olr/admin",
        "/%53%4f%4c%52/admin",
        "/SOLR/admin",
        "/solr;x=1/admin",
        "/;x/solr/admin",
        "/x/..;/solr/admin",
        "/shop/%2e%2e/solr",
        "//solr//admin",
        "/%2e/solr",
        "/webtools/control/http%53ervice",
        "/webtools/control/HTTPSERVICE",
        "/webtools;a=b/control/SOAPService",
        "/webtools/control/./SOAPService;x",
        "/webtools/control//SOAPService/",
        "/control/SOAPService",
        "/a/b/control/SOAPService",
    ],
)
def test_blocked_paths_are_stopped_however_they_are_written(prod: Recording, path: str) -> None:
    assert firewall_action(prod, Request(path=path)) == "block"


@st.composite
def disguises(draw: st.DrawFn, plain: str) -> str:
    """`plain` as no browser writes it, and as a node still reads it."""

    def letter(sign: str) -> str:
        return draw(st.sampled_from([sign, sign, f"%{ord(sign):02x}", f"%{ord(sign):02X}"]))

    detours = st.sampled_from(["/", "/", "//", "/./", "/%2e/", "/x/../", "/x/%2e%2E/", "/;a=b/"])
    tails = st.sampled_from(["", "", ";a=b", ";"])
    return "".join(
        draw(detours) + "".join(map(letter, segment)) + draw(tails)
        for segment in plain.strip("/").split("/")
    )


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_no_disguise_that_a_node_sees_through_gets_past(
    prod: Recording, data: st.DataObject
) -> None:
    """Encoded, doubled, with detours and with parameters: alone or together."""
    plain = data.draw(
        st.sampled_from(["/solr/admin", "/demosuite", "/webtools/control/httpService"])
    )
    path = data.draw(disguises(plain))

    assert node_reads(path).startswith(plain)
    assert firewall_action(prod, Request(path=path)) == "block"


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_no_disguise_opens_the_back_office(with_office: Recording, data: st.DataObject) -> None:
    plain = data.draw(st.sampled_from(STAFF)) + "/control/main"
    path = data.draw(disguises(plain))

    assert node_reads(path).startswith(plain)
    assert firewall_action(with_office, Request(path=path)) == "block"


def test_the_office_reaches_the_back_office_and_nothing_more(with_office: Recording) -> None:
    for path in STAFF:
        assert firewall_action(with_office, Request(path=path, source=OFFICE)) == "allow"
    assert firewall_action(with_office, Request(path="/solr", source=OFFICE)) == "block"
    [addresses] = with_office.of_type("IpSet")
    assert addresses.inputs["addresses"] == ["203.0.113.0/24"]
    assert addresses.inputs["ipAddressVersion"] == "IPV4"


@pytest.mark.parametrize("cidrs", [(), ("0.0.0.0/0",)])
def test_a_back_office_for_everyone_needs_no_rule(cidrs: tuple[str, ...]) -> None:
    """AWS takes no list of addresses with a /0 in it."""
    recording = waf(back_office_cidrs=cidrs)

    assert not [each for each in recording if each.type.endswith("IpSet")]
    assert firewall_action(recording, Request(path="/webtools/control/main")) == "allow"


def test_counting_lets_everything_pass_and_still_sees_it() -> None:
    recording = waf(mode="count", back_office_cidrs=("203.0.113.0/24",))

    assert firewall_action(recording, Request(path="/solr")) == "count"
    for rule in rules(recording).values():
        verdict = rule["overrideAction"] if "overrideAction" in rule else rule["action"]
        assert verdict == {"count": {}}


def test_visitors_are_counted_by_their_own_address(prod: Recording) -> None:
    rate = rules(prod)["rate-limit"]["statement"]["rateBasedStatement"]

    assert rate == {"limit": 2000, "evaluationWindowSec": 300, "aggregateKeyType": "IP"}


def test_behind_cloudfront_the_address_is_in_a_header() -> None:
    """By the sender's address, all visitors of one city would share one limit."""
    recording = waf(visitor_header="X-Scipio-Visitor", rate_limit=500)
    rate = rules(recording)["rate-limit"]["statement"]["rateBasedStatement"]

    assert rate["limit"] == 500
    assert rate["aggregateKeyType"] == "FORWARDED_IP"
    assert rate["forwardedIpConfig"] == {
        "headerName": "X-Scipio-Visitor",
        "fallbackBehavior": "MATCH",
    }


def test_without_a_limit_nobody_is_counted() -> None:
    assert "rate-limit" not in rules(waf(rate_limit=None))


def test_the_log_has_the_name_that_the_firewall_demands(prod: Recording) -> None:
    [group] = prod.of_type("LogGroup")
    [logging] = prod.of_type("WebAclLoggingConfiguration")

    assert group.inputs["name"] == "aws-waf-logs-scipio-prod"
    assert group.inputs["retentionInDays"] == 90
    assert group.inputs["kmsKeyId"] == KEY_ARN
    assert logging.inputs["logDestinationConfigs"] == [group.outputs["arn"]]


def test_two_stacks_of_an_account_have_two_logs() -> None:
    names = {
        waf(cluster=cluster).of_type("LogGroup")[0].inputs["name"]
        for cluster in ("scipio-a", "scipio-b")
    }

    assert len(names) == 2


def test_nobody_logs_in_with_what_the_log_holds(prod: Recording) -> None:
    [logging] = prod.of_type("WebAclLoggingConfiguration")
    redacted = {each["singleHeader"]["name"] for each in logging.inputs["redactedFields"]}

    assert redacted == {"authorization", "cookie"}


def test_only_what_was_stopped_or_counted_is_logged(prod: Recording) -> None:
    [logging] = prod.of_type("WebAclLoggingConfiguration")
    log_filter = logging.inputs["loggingFilter"]
    [kept] = log_filter["filters"]

    assert log_filter["defaultBehavior"] == "DROP"
    assert kept["behavior"] == "KEEP"
    assert kept["requirement"] == "MEETS_ANY"
    assert {each["actionCondition"]["action"] for each in kept["conditions"]} == {
        "BLOCK",
        "COUNT",
        "EXCLUDED_AS_COUNT",
    }


def test_without_logging_there_is_no_log() -> None:
    recording = waf(logging=False)

    assert not [each for each in recording if each.type.endswith("LogGroup")]
    assert not [each for each in recording if each.type.endswith("LoggingConfiguration")]


NAMES = st.lists(st.text("abcXYZ019_.-", min_size=1, max_size=20), min_size=1, max_size=4)
PATHS = st.lists(NAMES.map(lambda names: "/" + "/".join(names)), max_size=60)


@settings(max_examples=150, deadline=None)
@given(paths=PATHS)
def test_however_many_paths_every_expression_is_short_enough_and_none_is_lost(
    paths: list[str],
) -> None:
    blocked_anywhere = blocked_expressions(
        BlockedPath(path=path, match="any-webapp", reason="test") for path in paths
    )
    views = view_expressions(paths)

    for expressions in (prefix_expressions(paths), blocked_anywhere, views):
        assert all(len(expression) <= EXPRESSION_MAX_LENGTH for expression in expressions)
    for path in paths:
        for below in ("", "/", "/below", ";x"):
            plain = path.lower() + below
            assert any(re.search(each, plain) for each in prefix_expressions(paths))
            assert any(re.search(each, f"/own/control{plain}") for each in views)


CAPACITY = 1500
"""Above it a web ACL costs more (waf/latest/developerguide/aws-waf-capacity-units)."""
MANAGED_CAPACITY = 1125


def capacity(statement: Any) -> int:
    """Units as the pages of the statements say them: 3 an expression and 10 a transformation, 1 a
    set of addresses or a label, 2 a rate."""
    [(kind, what)] = statement.items()
    if kind in ("andStatement", "orStatement"):
        return sum(map(capacity, what["statements"]))
    if kind == "notStatement":
        return capacity(what["statement"])
    if kind == "rateBasedStatement":
        return 2 + capacity(what["scopeDownStatement"])
    if kind == "regexMatchStatement":
        steps = [each for each in what["textTransformations"] if each["type"] != "NONE"]
        return 3 + 10 * len(steps)
    return {"ipSetReferenceStatement": 1, "labelMatchStatement": 1}[kind]


def test_the_firewall_stays_below_the_capacity_that_costs_more(with_office: Recording) -> None:
    own = [rule["statement"] for rule in rules(with_office).values() if "action" in rule]

    assert MANAGED_CAPACITY + sum(map(capacity, own)) <= CAPACITY


def depth(statement: Any) -> int:
    """How many statements hold each other, the innermost not counted."""
    [(kind, what)] = statement.items()
    if kind in ("andStatement", "orStatement"):
        return 1 + max(map(depth, what["statements"]))
    if kind == "notStatement":
        return 1 + depth(what["statement"])
    return 1 + depth(what["scopeDownStatement"]) if "scopeDownStatement" in what else 0


def test_no_statement_is_deeper_than_the_provider_takes() -> None:
    """Three (terraform-provider-aws, internal/service/wafv2/schemas.go, webACLRootStatementSchema);
    with one more the update fails.
    """
    recording = waf(back_office_cidrs=("203.0.113.0/24",), upload_paths=["/shop/control/upload"])
    own = [rule["statement"] for rule in rules(recording).values() if "action" in rule]

    assert max(map(depth, own)) <= 3


def test_a_path_too_long_for_the_firewall_says_what_to_do() -> None:
    with pytest.raises(WafPathError, match=r"path /a+ is too long.*shorter path above"):
        prefix_expressions(["/" + "a" * 600])
