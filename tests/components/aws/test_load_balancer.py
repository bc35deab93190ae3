"""The load balancer: what it is made of, whom it lets in and where it sends them."""

from typing import Any

import botocore.session  # type: ignore[import-untyped] # it ships no types
import botocore.validate  # type: ignore[import-untyped] # it ships no types
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.aws.load_balancer import (
    CDN_HEADER,
    LoadBalancer,
    LoadBalancerArgs,
    WeightedTargetGroup,
)
from contract.routing import RoutingRules
from settings.aws import load_balancer as models
from settings.aws.naming import fits
from settings.maintenance import maintenance_rule
from settings.routing import HEALTH_PATH, blocked
from tests.components.aws.front_door import OFFICE, VISITOR, Request, balancer_answer, rule_values
from tests.components.aws.sections import SUBNETS, VPC_ID, recorded, section, surroundings
from tests.support.recorder import Recording

CERTIFICATE_ARN = "arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d"
GROUP_ARN = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup"
BLUE = WeightedTargetGroup(colour="blue", arn=f"{GROUP_ARN}/blue/0a1b2c3d4e5f6a7b", weight=100)
ALARMS = ("scipio-prod-server-errors-",)
GREEN = WeightedTargetGroup(colour="green", arn=f"{GROUP_ARN}/green/1a1b2c3d4e5f6a7b", weight=0)
SECRET = "Tw0-Hundred_Bits"


ELBV2 = botocore.session.get_session().get_service_model("elbv2")


def routing(balancer: models.LoadBalancer) -> RoutingRules:
    return RoutingRules(
        health_path=HEALTH_PATH,
        root_redirect=balancer.root_redirect,
        blocked=blocked(balancer.blocked_paths),
        public_paths=balancer.public_paths,
        view_paths=balancer.view_paths,
        back_office_cidrs=balancer.back_office_cidrs,
        stickiness_s=balancer.stickiness_s,
        maintenance=maintenance_rule(balancer.maintenance, balancer.back_office_cidrs),
    )


def load_balancer(
    *,
    protect: bool = True,
    cluster: str = "scipio-prod",
    release_mode: Any = "rolling",
    target_groups: tuple[WeightedTargetGroup, ...] = (BLUE,),
    cdn_secret: str | None = None,
    hosts: tuple[str, ...] = ("erp.example.com",),
    **changes: Any,
) -> Recording:
    balancer = section(models.LoadBalancer, "balancer", **{"host": "erp.example.com", **changes})
    args = LoadBalancerArgs(
        surroundings=surroundings(protect=protect, cluster=cluster),
        balancer=balancer,
        routing=routing(balancer),
        release_mode=release_mode,
        hosts=hosts,
        vpc_id=VPC_ID,
        subnet_ids=list(SUBNETS.values()),
        certificate_arn=CERTIFICATE_ARN,
        target_groups=target_groups,
        alarms=ALARMS,
        watch_s=600,
        cdn_secret=cdn_secret,
    )
    return recorded(lambda: LoadBalancer("load-balancer", args))


@pytest.fixture(scope="module")
def prod() -> Recording:
    return load_balancer()


@pytest.fixture(scope="module")
def with_office() -> Recording:
    return load_balancer(back_office_cidrs=["203.0.113.0/24"])


def test_it_is_hardened(prod: Recording) -> None:
    """Each of these has another default at AWS, or is said because it must not change."""
    [made] = prod.of_type("lb/loadBalancer:LoadBalancer")

    assert made.inputs["dropInvalidHeaderFields"] is True
    assert made.inputs["desyncMitigationMode"] == "defensive"
    assert made.inputs["enableWafFailOpen"] is False
    assert made.inputs["internal"] is False
    assert made.inputs["loadBalancerType"] == "application"
    assert "name" not in made.inputs


@pytest.mark.parametrize("protect", [True, False])
def test_one_switch_protects_it_at_aws_and_in_pulumi(protect: bool) -> None:
    [made] = load_balancer(protect=protect).of_type("lb/loadBalancer:LoadBalancer")

    assert made.protect is protect
    assert made.inputs["enableDeletionProtection"] is protect


def test_its_settings_reach_it() -> None:
    recording = load_balancer(idle_timeout_s=77, tls_policy="ELBSecurityPolicy-TLS13-1-3-2021-06")
    [made] = recording.of_type("lb/loadBalancer:LoadBalancer")

    assert made.inputs["idleTimeout"] == 77
    assert made.inputs["subnets"] == list(SUBNETS.values())
    https = recording.named("Listener", "scipio-prod-https").inputs
    assert https["sslPolicy"] == "ELBSecurityPolicy-TLS13-1-3-2021-06"
    assert https["certificateArn"] == CERTIFICATE_ARN


def test_plain_http_leads_to_https_for_good(prod: Recording) -> None:
    listener = prod.named("Listener", "scipio-prod-http").inputs
    [action] = listener["defaultActions"]

    assert (listener["port"], listener["protocol"]) == (80, "HTTP")
    assert action["redirect"] == {"statusCode": "HTTP_301", "protocol": "HTTPS", "port": "443"}


def test_listeners_do_not_say_what_they_are(prod: Recording) -> None:
    for listener in prod.of_type("Listener"):
        assert listener.inputs["routingHttpResponseServerEnabled"] is False


def test_only_allowed_addresses_come_in_and_only_at_two_ports() -> None:
    recording = load_balancer(allowed_cidrs=["203.0.113.0/24", "198.51.100.0/24"])
    seen = {
        (each.inputs["cidrIpv4"], each.inputs["fromPort"], each.inputs["toPort"])
        for each in recording.of_type("SecurityGroupIngressRule")
    }

    assert seen == {
        (cidr, port, port) for cidr in ("203.0.113.0/24", "198.51.100.0/24") for port in (80, 443)
    }
    assert not [each for each in recording if each.type.endswith("SecurityGroupEgressRule")]
    [group] = recording.of_type("securityGroup:SecurityGroup")
    assert "ingress" not in group.inputs
    assert "egress" not in group.inputs


def test_access_logs_go_to_a_bucket_that_may_be_written_already(prod: Recording) -> None:
    """A load balancer tries to write at its creation."""
    [made] = prod.of_type("lb/loadBalancer:LoadBalancer")
    [policy] = prod.of_type("BucketPolicy")

    assert made.inputs["accessLogs"]["enabled"] is True
    assert made.inputs["accessLogs"]["prefix"] == "load-balancer"
    assert made.inputs["accessLogs"]["bucket"] == policy.inputs["bucket"]
    assert policy.urn in made.depends_on


def test_without_access_logs_there_is_no_bucket() -> None:
    recording = load_balancer(access_logs=False)
    [made] = recording.of_type("lb/loadBalancer:LoadBalancer")

    assert "accessLogs" not in made.inputs
    assert not [each for each in recording if ":s3/" in each.type]


def test_logs_are_kept_as_long_as_the_settings_say() -> None:
    recording = load_balancer(access_log_retention_days=17)
    [rules] = recording.of_type("BucketLifecycleConfiguration")

    assert rules.inputs["rules"][0]["expiration"] == {"days": 17}


def test_rolling_forwards_to_the_one_group_and_sets_no_second_cookie(prod: Recording) -> None:
    for rule in prod.of_type("ListenerRule"):
        [action] = rule.inputs["actions"]
        if action["type"] == "forward":
            assert action == {"type": "forward", "targetGroupArn": BLUE.arn}


def test_two_colours_share_by_weight_and_keep_their_visitors() -> None:
    recording = load_balancer(
        release_mode="bluegreen", target_groups=(BLUE, GREEN), stickiness_s=5400
    )
    forwards = [
        action["forward"]
        for rule in recording.of_type("ListenerRule")
        for action in rule.inputs["actions"]
        if action["type"] == "forward"
    ]

    assert forwards
    for forward in forwards:
        assert forward["targetGroups"] == [
            {"arn": BLUE.arn, "weight": 100},
            {"arn": GREEN.arn, "weight": 0},
        ]
        assert forward["stickiness"] == {"enabled": True, "duration": 5400}


def test_a_switch_of_colours_changes_nothing_but_the_forwarding_rules() -> None:
    """What a release touches at the load balancer."""
    swapped = (
        WeightedTargetGroup(colour="blue", arn=BLUE.arn, weight=0),
        WeightedTargetGroup(colour="green", arn=GREEN.arn, weight=100),
    )
    before = load_balancer(release_mode="bluegreen", target_groups=(BLUE, GREEN))
    after = load_balancer(release_mode="bluegreen", target_groups=swapped)
    changed = {
        old.name
        for old, new in zip(before, after, strict=True)
        if (old.urn, old.inputs) != (new.urn, new.inputs)
    }

    forwarding = {
        rule.name
        for rule in before.of_type("ListenerRule")
        if rule.inputs["actions"][0]["type"] == "forward"
    }
    assert changed == forwarding | {"scipio-prod-visitor-shares"}


def test_the_rules_have_the_weights_once_visitors_were_moved() -> None:
    """The step moves them at the living rules, and watches the alarms."""
    recording = load_balancer(release_mode="bluegreen", target_groups=(BLUE, GREEN))
    step = recording.named("VisitorShares", "scipio-prod-visitor-shares")

    assert step.inputs["weights"] == {"blue": 100, "green": 0}
    assert step.inputs["targets"] == {"blue": BLUE.arn, "green": GREEN.arn}
    assert (step.inputs["alarms"], step.inputs["watchS"]) == (list(ALARMS), 600)
    for rule in recording.of_type("ListenerRule"):
        if rule.inputs["actions"][0]["type"] == "forward":
            assert step.urn in rule.depends_on


@pytest.mark.parametrize(
    "path",
    [
        HEALTH_PATH,
        "/images/logo.png",
        "/shop/",
        "/shop/control/main",
        "/shop/control/main;jsessionid=0123",
        "/shop/control/ViewBlogArticle",
        "/admin/control/main",
        "/solutions/",
        "/webtools/control/FindGeneric",
        "/images/products/soapservice.png",
    ],
)
def test_visitors_reach_the_erp(prod: Recording, path: str) -> None:
    assert balancer_answer(prod, Request(path=path)) == "forward"


@pytest.mark.parametrize(
    "path",
    [
        "/solr",
        "/solr/",
        "/solr/admin/cores",
        "/solr;x=1/admin",
        "//solr/admin",
        "/./solr/admin",
        "/x/../solr/admin",
        "/demosuite",
        "/demosuite/control/main",
        "/webtools/control/httpService",
        "/webtools/control/httpService/x",
        "/webtools/control/httpService;x=1",
        "/webtools/control;x=1/httpService",
        "/webtools/control//httpService",
        "/webtools;x=1/control/SOAPService",
        "/control/SOAPService",
        "/a/b/control/SOAPService",
    ],
)
def test_blocked_paths_are_refused(prod: Recording, path: str) -> None:
    assert balancer_answer(prod, Request(path=path)) == "403"


@pytest.mark.parametrize("upgrade", ["h2c", "H2C", "websocket, h2c"])
def test_a_connection_never_changes_to_http2_behind_it(prod: Recording, upgrade: str) -> None:
    """A node that takes it would answer requests that no rule has seen."""
    request = Request(path="/shop/", headers={"Upgrade": upgrade})

    assert balancer_answer(prod, request) == "403"
    websocket = Request(path="/admin/ws/log/subscribe", headers={"Upgrade": "websocket"})
    assert balancer_answer(prod, websocket) == "forward"


def test_another_name_finds_nothing(prod: Recording) -> None:
    """Scanners ask by address."""
    assert balancer_answer(prod, Request(path="/shop/", host="192.0.2.1")) == "404"


def test_every_name_of_the_certificate_is_answered() -> None:
    recording = load_balancer(hosts=("erp.example.com", "shop.example.com", "a.b.c", "d.e.f"))

    for host in ("erp.example.com", "SHOP.example.com", "a.b.c", "d.e.f"):
        assert balancer_answer(recording, Request(path="/shop/", host=host)) == "forward"
        assert balancer_answer(recording, Request(path="/", host=host)) == "redirect"


def test_the_start_page_is_the_settings_and_not_for_good() -> None:
    recording = load_balancer(root_redirect="/admin/control/main")
    [redirect] = [
        action["redirect"]
        for rule in recording.of_type("ListenerRule")
        for action in rule.inputs["actions"]
        if action["type"] == "redirect"
    ]

    assert redirect == {"path": "/admin/control/main", "statusCode": "HTTP_302"}
    assert balancer_answer(recording, Request(path="/")) == "redirect"


@pytest.mark.parametrize("path", ["/admin", "/ordermgr", "/ismgr", "/iCalendar", "/own"])
def test_the_back_office_is_for_the_office_alone(with_office: Recording, path: str) -> None:
    for below in ("", "/", "/control/main"):
        request = Request(path=path + below)
        assert balancer_answer(with_office, request) == "403"
        assert balancer_answer(with_office, Request(path=path + below, source=OFFICE)) == "forward"


def test_visitors_keep_the_rest_when_the_back_office_is_closed(with_office: Recording) -> None:
    for path in ("/shop/control/main", HEALTH_PATH, "/ignite-shop-theme/x.css", "/ecommerce"):
        assert balancer_answer(with_office, Request(path=path)) == "forward"


def test_the_office_has_no_way_to_what_nobody_may_reach(with_office: Recording) -> None:
    assert balancer_answer(with_office, Request(path="/solr/x", source=OFFICE)) == "403"
    assert balancer_answer(with_office, Request(path="/", source=OFFICE)) == "redirect"


def test_without_addresses_the_back_office_is_open(prod: Recording) -> None:
    assert balancer_answer(prod, Request(path="/webtools", source=VISITOR)) == "forward"


def test_behind_cloudfront_nothing_is_answered_without_its_secret() -> None:
    recording = load_balancer(cdn_secret=SECRET)
    proof = {CDN_HEADER: SECRET}

    for path, answer in (("/shop/", "forward"), ("/", "redirect")):
        assert balancer_answer(recording, Request(path=path)) == "404"
        assert balancer_answer(recording, Request(path=path, headers=proof)) == answer
    assert balancer_answer(recording, Request(path="/solr", headers=proof)) == "403"


def test_cloudfronts_secret_is_one_for_pulumi_too() -> None:
    """It must not be read in a state file or a preview."""
    recording = load_balancer(cdn_secret=SECRET)
    holders = [
        (rule, index)
        for rule in recording.of_type("ListenerRule")
        for index, condition in enumerate(rule.inputs["conditions"])
        if "httpHeader" in condition and condition["httpHeader"]["httpHeaderName"] == CDN_HEADER
    ]

    assert holders
    for rule, index in holders:
        assert rule.is_secret("conditions", index, "httpHeader", "values", 0)
    assert SECRET not in repr(
        LoadBalancerArgs(
            surroundings=surroundings(),
            balancer=section(models.LoadBalancer, "balancer", host="erp.example.com"),
            routing=routing(section(models.LoadBalancer, "balancer", host="erp.example.com")),
            release_mode="rolling",
            hosts=(),
            vpc_id=VPC_ID,
            subnet_ids=(),
            certificate_arn=CERTIFICATE_ARN,
            target_groups=(BLUE,),
            alarms=(),
            watch_s=600,
            cdn_secret=SECRET,
        )
    )


@settings(max_examples=5, deadline=None)
@given(count=st.integers(0, 12), secret=st.booleans())
def test_what_is_registered_keeps_to_the_limits(count: int, secret: bool) -> None:
    recording = load_balancer(
        back_office_cidrs=[f"203.0.{number}.0/24" for number in range(count)],
        cdn_secret=SECRET if secret else None,
        hosts=("erp.example.com", "shop.example.com", "b2b.example.com"),
    )
    for rule in recording.of_type("ListenerRule"):
        values = list(rule_values(rule))
        assert sum(len(given) for _, given in values) <= 5
        assert all(len(given) <= 3 for _, given in values)
        wild = [given for kind, given in values if kind in ("pathPattern", "hostHeader")]
        assert sum(text.count("*") + text.count("?") for texts in wild for text in texts) <= 5


def test_the_longest_cluster_name_fits() -> None:
    """Pulumi appends eight characters, and AWS takes 32."""
    recording = load_balancer(cluster="c" * 18)
    [made] = recording.of_type("lb/loadBalancer:LoadBalancer")

    assert fits("load-balancer", made.name)
    assert all(fits("bucket", each.name) for each in recording.of_type("bucket:Bucket"))


IN_MAINTENANCE: dict[str, Any] = {"maintenance": {"text": "We're back at 18:00 & <soon>."}}
PATHS = ("/", "/shop/control/main", "/shop/control/product/x", "/admin/control/main", "/images/a")


@pytest.fixture(scope="module")
def in_maintenance() -> Recording:
    return load_balancer(back_office_cidrs=["203.0.113.0/24"], **IN_MAINTENANCE)


@pytest.mark.parametrize("path", PATHS)
def test_in_maintenance_strangers_get_the_page_and_offices_are_in(
    in_maintenance: Recording, with_office: Recording, path: str
) -> None:
    office = Request(path=path, source=OFFICE)
    assert balancer_answer(in_maintenance, Request(path=path, source=VISITOR)) == "503"
    assert balancer_answer(in_maintenance, office) == balancer_answer(with_office, office)


def test_what_is_refused_to_everyone_stays_refused_in_maintenance(
    in_maintenance: Recording,
) -> None:
    for path in ("/solr/admin", "/admin/control/SOAPService", "//admin", "/admin/control/a/b"):
        assert balancer_answer(in_maintenance, Request(path=path, source=OFFICE)) == "403"


def test_without_offices_nobody_is_in_but_who_is_named() -> None:
    nobody = load_balancer(**IN_MAINTENANCE)
    named: dict[str, Any] = {"maintenance": {"text": "Soon.", "stillIn": ["203.0.113.0/24"]}}
    some = load_balancer(**named)
    for path in PATHS:
        assert balancer_answer(nobody, Request(path=path, source=OFFICE)) == "503"
        assert balancer_answer(some, Request(path=path, source=VISITOR)) == "503"
        assert balancer_answer(some, Request(path=path, source=OFFICE)) in {"forward", "redirect"}


def test_another_name_is_not_found_in_maintenance(in_maintenance: Recording) -> None:
    other = Request(path="/", host="203.0.113.77", source=VISITOR)
    assert balancer_answer(in_maintenance, other) == "404"


def test_the_page_is_html_that_says_the_text_as_it_is(in_maintenance: Recording) -> None:
    [page] = [
        action["fixedResponse"]["messageBody"]
        for rule in in_maintenance.of_type("ListenerRule")
        for action in rule.inputs["actions"]
        if action["type"] == "fixed-response" and action["fixedResponse"]["statusCode"] == "503"
    ]
    assert "We&#x27;re back at 18:00 &amp; &lt;soon&gt;." in page


def test_every_rule_is_one_that_aws_takes(prod: Recording, in_maintenance: Recording) -> None:
    """Regular expressions too, which an older provider cannot say (tests/acceptance)."""
    calls = ELBV2.operation_model("CreateRule").input_shape
    for rule in (*prod.of_type("ListenerRule"), *in_maintenance.of_type("ListenerRule")):
        conditions = [_as_aws_says(dict(each)) for each in rule.inputs["conditions"]]
        given = {
            "ListenerArn": "arn",
            "Priority": int(rule.inputs["priority"]),
            "Conditions": conditions,
            "Actions": [],
        }
        report = botocore.validate.ParamValidator().validate(given, calls)
        assert not report.has_errors(), report.generate_report()
        values = [
            text
            for each in conditions
            for texts in next(v for v in each.values() if isinstance(v, dict)).values()
            if isinstance(texts, list)
            for text in texts
        ]
        assert len(values) <= 5
        assert all(len(text) <= 128 for text in values)


def _as_aws_says(condition: dict[str, Any]) -> dict[str, Any]:
    [(kind, said)] = condition.items()
    fields = {
        "hostHeader": "host-header",
        "pathPattern": "path-pattern",
        "httpHeader": "http-header",
        "sourceIp": "source-ip",
    }
    members = {"values": "Values", "regexValues": "RegexValues", "httpHeaderName": "HttpHeaderName"}
    config = {members[key]: value for key, value in said.items() if value is not None}
    return {"Field": fields[kind], f"{kind[0].upper()}{kind[1:]}Config": config}
