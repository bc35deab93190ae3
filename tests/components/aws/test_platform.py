"""The composition of a whole stack on AWS: what its parts are to one another."""

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest

from contract.cluster_document import ClusterDocument, FileSecret
from settings.aws.naming import CLUSTER_NAME_MAX_LENGTH, NAME_MAX_LENGTH, NamedKind, fits
from settings.sections import laid_over
from tests.components.aws.stacks import STACKS, StackName, configuration, record_aws
from tests.components.normal_form import normal_form
from tests.components.rules import generated_secrets, texts, value
from tests.support import aws_stand_ins
from tests.support.aws_settings import IMAGE, OTHER_IMAGE
from tests.support.recorder import Recording, Registration, StandIns

INGRESS = "securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "securityGroupEgressRule:SecurityGroupEgressRule"
LAUNCH_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
IN_SERVICE = "pulumi-python:dynamic/scipio:ServersInService"
GROUP = "aws:autoscaling/group:Group"

IN_EVERY_STACK = {
    "balancer-to-app": 8081,
    "balancer-to-app-health": 8083,
    "app-to-database": 5432,
    "app-to-broker": 61617,
    "app-to-files": 2049,
}
FOR_SEARCH = {
    "app-to-search": 8983,
    "search-balancer-to-server": 8983,
    "search-to-database": 5432,
    "search-to-broker": 61617,
}
PASSAGES: Mapping[StackName, Mapping[str, int]] = {
    "dev": IN_EVERY_STACK,
    "staging": IN_EVERY_STACK | FOR_SEARCH,
    "prod": IN_EVERY_STACK | FOR_SEARCH,
}

OnAws = Mapping[StackName, Recording]
each_stack = pytest.mark.parametrize("stack", STACKS)


def types(recording: Recording) -> set[str]:
    return {each.type for each in recording}


def user_data(template: Registration) -> str:
    return base64.b64decode(template.inputs["userData"]).decode()


def documents(recording: Recording) -> list[ClusterDocument]:
    """The cluster document of every launch template, cut out of its user data."""
    found = []
    for template in recording.of_type(LAUNCH_TEMPLATE):
        text = user_data(template)
        begin = text.index("{", text.index("cluster.json"))
        plain, _ = json.JSONDecoder().raw_decode(text[begin:])
        found.append(ClusterDocument.model_validate(plain))
    return found


def changed(before: Recording, after: Recording) -> set[str]:
    """`type name` of every registration that is new, gone or another one."""
    old, new = normal_form(before), normal_form(after)
    urns = {urn for urn in old.keys() | new.keys() if old.get(urn) != new.get(urn)}
    both = {each.urn: each for each in (*before, *after)}
    return {f"{both[urn].type} {both[urn].name}" for urn in urns}


# Who may connect to whom


@each_stack
def test_every_passage_that_a_stack_needs_is_open_at_both_ends(
    stack: StackName, on_aws: OnAws
) -> None:
    """A missing one is found when the first node boots, a quarter of an hour into an update."""
    recording = on_aws[stack]

    def open_ends(kind: str, ending: str) -> dict[str, int]:
        return {
            each.name.removeprefix(f"scipio-{stack}-").removesuffix(ending): each.inputs["toPort"]
            for each in recording.of_type(kind)
            if value(each, "referencedSecurityGroupId")
        }

    assert open_ends(INGRESS, "-in") == PASSAGES[stack]
    assert open_ends(EGRESS, "-out") == PASSAGES[stack]


@each_stack
def test_from_addresses_only_the_balancer_is_reached_and_by_two_ports(
    stack: StackName, on_aws: OnAws
) -> None:
    """Nothing but the load balancer is open to anybody outside of the VPC."""
    by_address = [
        (each.inputs["securityGroupId"], each.inputs["fromPort"], each.inputs["toPort"])
        for each in on_aws[stack].of_type(INGRESS)
        if value(each, "cidrIpv4") or value(each, "cidrIpv6") or value(each, "prefixListId")
    ]
    balancer = on_aws[stack].named("SecurityGroup", f"scipio-{stack}-alb").id

    assert set(by_address) == {(balancer, 80, 80), (balancer, 443, 443)}


@each_stack
def test_no_security_group_has_rules_of_its_own(stack: StackName, on_aws: OnAws) -> None:
    """Rules within a group and rules beside it undo each other at every update."""
    for group in on_aws[stack].of_type("ec2/securityGroup:SecurityGroup"):
        assert not value(group, "ingress"), group.name
        assert not value(group, "egress"), group.name


def test_private_ways_to_aws_are_open_where_there_are_any() -> None:
    recording = record_aws("dev", {"network": {"nat": "none", "interfaceEndpoints": True}})

    assert recording.named(INGRESS, "scipio-dev-app-to-aws-in").inputs["toPort"] == 443


# The document and its secrets


@each_stack
def test_user_data_holds_a_cluster_document_whose_secrets_are_references(
    stack: StackName, on_aws: OnAws
) -> None:
    for document in documents(on_aws[stack]):
        secrets = [
            document.database.app_password,
            document.database.admin_password,
            document.messaging.password,
            document.administrator.password,
        ]

        assert document.cluster == f"scipio-{stack}"
        assert all(isinstance(secret, FileSecret) for secret in secrets)


@each_stack
def test_the_brokers_come_in_an_order_that_stays(stack: StackName, on_aws: OnAws) -> None:
    """Amazon MQ lists them in any order, and another order would be another user data."""
    for document in documents(on_aws[stack]):
        hosts = [broker.host for broker in document.messaging.brokers]

        assert hosts == sorted(hosts)
        assert len(hosts) == (1 if stack == "dev" else 2)


@each_stack
def test_generated_secrets_are_in_no_input_and_no_output_in_clear(
    stack: StackName, on_aws: OnAws
) -> None:
    """What is not marked as secret stands in the state for everybody to read."""
    recording = on_aws[stack]
    secrets = generated_secrets(recording)
    assert len(secrets) >= 4

    in_clear = [
        f"{each.name}: {path} holds {name}"
        for each in recording
        for path, text in texts(each.inputs)
        for name, secret in secrets.items()
        if secret in text and not each.is_secret(*path)
    ]
    exported = [
        f"{path} holds {name}"
        for path, text in texts(recording.exports.values)
        for name, secret in secrets.items()
        if secret in text
    ]

    assert in_clear == []
    assert exported == []


@each_stack
def test_user_data_is_no_secret_and_short_enough(stack: StackName, on_aws: OnAws) -> None:
    """EC2 takes 16 KiB, and what is secret in it would be hidden in every preview."""
    for template in on_aws[stack].of_type(LAUNCH_TEMPLATE):
        assert not template.is_secret("userData"), template.name
        assert len(user_data(template).encode()) <= 16_384, template.name


def test_the_search_server_has_a_heap_of_its_own_and_answers_where_all_ask(
    prod: Recording,
) -> None:
    by_name = dict(
        zip((each.name for each in prod.of_type(LAUNCH_TEMPLATE)), documents(prod), strict=True)
    )

    search, app = by_name["scipio-prod-search"], by_name["scipio-prod-blue"]
    assert search.node.heap_mib < app.node.heap_mib
    assert app.search is not None
    assert search.node.http_port == app.search.port
    assert search.node.health_path == "/solr/admin/cores"


# Names

KINDS: Final[Mapping[str, tuple[NamedKind, str]]] = {
    "aws:lb/loadBalancer:LoadBalancer": ("load-balancer", "name"),
    "aws:lb/targetGroup:TargetGroup": ("target-group", "name"),
    "aws:mq/broker:Broker": ("broker", "brokerName"),
    "aws:iam/role:Role": ("role", "name"),
    "aws:iam/instanceProfile:InstanceProfile": ("instance-profile", "name"),
    GROUP: ("auto-scaling-group", "name"),
    "aws:rds/instance:Instance": ("database", "identifier"),
    "aws:s3/bucket:Bucket": ("bucket", "bucket"),
    "aws:secretsmanager/secret:Secret": ("secret", "name"),
    "aws:cloudwatch/metricAlarm:MetricAlarm": ("alarm", "name"),
}
FIXED_NAMES = ("name", "identifier", "brokerName", "dashboardName", "finalSnapshotIdentifier")
WITHIN_ANOTHER = (
    # Their names need to be unique within a group, a zone of DNS or a database only.
    "autoscaling/lifecycleHook:LifecycleHook",
    "autoscaling/schedule:Schedule",
    "route53/record:Record",
)
LISTENER_RULE = "aws:lb/listenerRule:ListenerRule"
EVERYTHING_ON = {
    "cdn": {"enabled": True},
    "balancer": {"backOfficeCidrs": [], "idleTimeoutS": 60},
    "release": {"blue": {"image": IMAGE}, "green": {"image": OTHER_IMAGE}},
}


@pytest.fixture(scope="session")
def everything() -> Recording:
    """Production with CloudFront and a second colour."""
    return record_aws("prod", EVERYTHING_ON)


@each_stack
def test_logical_names_are_one_of_a_kind(stack: StackName, on_aws: OnAws) -> None:
    """One type and name twice would be one URN twice, which ends an update half-way."""
    keys = [(each.type, each.name) for each in on_aws[stack]]

    assert len(set(keys)) == len(keys)


def test_the_longest_cluster_name_fits_into_every_name() -> None:
    """AWS refuses a name that is too long in the middle of the first update."""
    longest = "c" * CLUSTER_NAME_MAX_LENGTH
    recording = record_aws("prod", {**EVERYTHING_ON, "aws": {"name": longest}})
    seen = set()
    for each in recording:
        if each.type not in KINDS:
            continue
        kind, key = KINDS[each.type]
        fixed = value(each, key) or value(each, "namePrefix")
        seen.add(kind)
        if fixed is None:
            assert fits(kind, each.name), f"{kind} {each.name}"
        else:
            assert len(fixed) <= NAME_MAX_LENGTH[kind], f"{kind} {fixed}"

    assert seen == {kind for kind, _ in KINDS.values()}


def test_two_stacks_in_one_account_share_no_fixed_name(everything: Recording) -> None:
    """A name that is taken already ends an update in the middle."""
    other = record_aws("prod", {**EVERYTHING_ON, "aws": {"name": "second"}})

    def fixed_names(recording: Recording) -> set[tuple[str, str]]:
        return {
            (each.type, each.inputs[key])
            for each in recording
            if each.custom and not each.type.endswith(WITHIN_ANOTHER)
            for key in FIXED_NAMES
            if isinstance(value(each, key), str)
        }

    assert (GROUP, "scipio-prod-blue") in fixed_names(everything)
    assert fixed_names(everything) & fixed_names(other) == set()


# What a change touches


def test_a_release_touches_launch_templates_alone() -> None:
    """The group names its template's version by the template's own output, so it follows."""
    before = record_aws("dev", {"image": {"existing": IMAGE}})
    after = record_aws("dev", {"image": {"existing": OTHER_IMAGE}})

    assert changed(before, after) == {f"{LAUNCH_TEMPLATE} scipio-dev-blue"}


def test_cloudfront_comes_in_two_updates_of_which_none_refuses_a_visitor(
    everything: Recording,
) -> None:
    """The load balancer demands its proof only once names have led to it for a while."""
    off = record_aws("prod", {**EVERYTHING_ON, "cdn": {"enabled": False}})
    both_ways = record_aws("prod", {**EVERYTHING_ON, "cdn": {"enabled": True, "required": False}})

    assert not {each for each in changed(off, both_ways) if LISTENER_RULE in each}
    touched = {each.split()[0] for each in changed(both_ways, everything)}
    assert touched == {LISTENER_RULE}


@each_stack
def test_groups_follow_the_version_of_their_template(stack: StackName, on_aws: OnAws) -> None:
    """With `$Latest` a new version would change nothing that Pulumi sees."""
    for group in on_aws[stack].of_type(GROUP):
        template = on_aws[stack].named(LAUNCH_TEMPLATE, group.name)

        assert group.inputs["launchTemplate"]["version"] == str(template.outputs["latestVersion"])
        assert template.urn in group.depends_on


def test_a_new_image_of_one_colour_leaves_the_other_alone(everything: Recording) -> None:
    image = IMAGE[:-1] + "2"
    after = record_aws("prod", laid_over(EVERYTHING_ON, {"release": {"green": {"image": image}}}))

    assert changed(everything, after) == {f"{LAUNCH_TEMPLATE} scipio-prod-green"}


def test_a_switch_of_colours_moves_weights_and_schedules(everything: Recording) -> None:
    """No server is replaced by it: who is on the old colour stays there."""
    switched = laid_over(EVERYTHING_ON, {"release": {"active": "green"}})
    kinds = {each.split()[0] for each in changed(everything, record_aws("prod", switched))}

    assert "aws:lb/listenerRule:ListenerRule" in kinds
    assert kinds <= {
        "aws:lb/listenerRule:ListenerRule",
        "pulumi-python:dynamic/scipio:VisitorShares",
        "scipio:aws:ServerSchedules",
    }


@pytest.mark.parametrize(
    ("servers", "kinds"),
    [
        ({"max": 3}, {GROUP}),
        ({"max": 2, "min": 2}, {GROUP, IN_SERVICE}),
        ({"desired": 2}, {GROUP, IN_SERVICE}),
        ({"cpuTargetPercent": 50}, {"aws:autoscaling/policy:Policy"}),
        (
            {
                "schedules": [
                    {"name": "night", "recurrence": "0 22 * * *", "timeZone": "UTC", "min": 2}
                ]
            },
            {"aws:autoscaling/schedule:Schedule"},
        ),
    ],
    ids=lambda given: next(iter(given)) if isinstance(given, dict) else "",
)
def test_scaling_touches_no_server(
    servers: Mapping[str, Any], kinds: set[str], dev: Recording
) -> None:
    """No launch template is another one, so nobody is logged out by it."""
    after = record_aws("dev", {"servers": servers})

    assert {each.split()[0] for each in changed(dev, after)} == kinds


# What costs money, and what protects


def test_development_has_nothing_that_costs_and_can_be_left_out(dev: Recording) -> None:
    """Whoever wants it turns it on by its setting."""
    expensive = (
        "wafv2/", "cloudfront/", "backup/", "budgets/", "kms/key", "metricAlarm", "dashboard",
        "flowLog", "s3/bucket:", "FileSystem:nothing",
    )  # fmt: skip
    found = [each.name for each in dev if any(part in each.type for part in expensive)]
    interface_endpoints = [
        each.name
        for each in dev.of_type("VpcEndpoint")
        if value(each, "vpcEndpointType") == "Interface"
    ]

    assert found == []
    assert interface_endpoints == []
    assert len(dev.of_type("NatGateway")) == 1
    assert len(dev.of_type("lb/loadBalancer:LoadBalancer")) == 1
    database = dev.of_type("rds/instance:Instance")[0].inputs
    assert not database["multiAz"]
    assert not value(dev.of_type("rds/instance:Instance")[0], "monitoringInterval")
    assert dev.of_type("mq/broker:Broker")[0].inputs["deploymentMode"] == "SINGLE_INSTANCE"


HOLDS_DATA = {
    "aws:rds/instance:Instance",
    "aws:efs/fileSystem:FileSystem",
    "aws:secretsmanager/secret:Secret",
    "aws:backup/vault:Vault",
    "aws:kms/key:Key",
    "aws:s3/bucket:Bucket",
    "pulumi-python:dynamic/scipio:GeneratedPassword",
    "pulumi-python:dynamic/scipio:NameSuffix",
}
CARRIES_MESSAGES = {"aws:mq/broker:Broker"}
LETS_IN = {
    "aws:lb/loadBalancer:LoadBalancer",
    "aws:ec2/vpc:Vpc",
    "aws:ec2/eip:Eip",
}


def test_with_protection_on_what_holds_data_is_protected(prod: Recording) -> None:
    protected = {each.type for each in prod if each.protect}
    unprotected = [each.name for each in prod if each.type in HOLDS_DATA and not each.protect]

    assert protected == HOLDS_DATA | CARRIES_MESSAGES | LETS_IN
    assert unprotected == []
    assert prod.of_type("rds/instance:Instance")[0].inputs["deletionProtection"] is True
    for balancer in prod.of_type("lb/loadBalancer:LoadBalancer"):
        assert balancer.inputs["enableDeletionProtection"] is True


@pytest.mark.parametrize("stack", ["dev", "staging"])
def test_with_protection_off_nothing_is_in_the_way_of_an_end(
    stack: StackName, on_aws: OnAws
) -> None:
    recording = on_aws[stack]

    assert [each.name for each in recording if each.protect] == []
    database = recording.of_type("rds/instance:Instance")[0]
    assert not value(database, "deletionProtection")
    assert database.inputs["skipFinalSnapshot"] is True
    for balancer in recording.of_type("lb/loadBalancer:LoadBalancer"):
        assert not value(balancer, "enableDeletionProtection")


def test_production_may_be_unprotected_by_one_setting() -> None:
    recording = record_aws("prod", {"aws": {"protection": False}})

    assert [each.name for each in recording if each.protect] == []


# Accounts and regions


@each_stack
def test_every_provider_tags_everything_and_touches_one_account(
    stack: StackName, on_aws: OnAws
) -> None:
    providers = on_aws[stack].of_type("pulumi:providers:aws")

    for provider in providers:
        tags = json.loads(provider.inputs["defaultTags"])["tags"]
        assert json.loads(provider.inputs["allowedAccountIds"]) == ["123456789012"]
        assert tags["Cluster"] == f"scipio-{stack}"
        assert ("CostCentre" in tags) == (stack != "dev")


def provider_of(recording: Recording, each: Registration) -> str:
    return next(
        provider.name
        for provider in recording.of_type("pulumi:providers:aws")
        if each.provider.startswith(f"{provider.urn}::")
    )


@each_stack
def test_nothing_is_made_by_a_provider_that_the_program_did_not_make(
    stack: StackName, on_aws: OnAws
) -> None:
    """The default provider touches any account and region that the environment names."""
    recording = on_aws[stack]
    for each in recording:
        if each.type.startswith("aws:"):
            assert provider_of(recording, each), each.name


def test_other_regions_have_what_belongs_there_and_nothing_else(everything: Recording) -> None:
    elsewhere: dict[str, set[str]] = {}
    for each in everything:
        if each.type.startswith("aws:"):
            elsewhere.setdefault(provider_of(everything, each), set()).add(each.type)
    elsewhere.pop("scipio-prod-provider")
    regions = {
        each.name: each.inputs["region"] for each in everything.of_type("pulumi:providers:aws")
    }

    assert regions == {
        "scipio-prod-provider": "eu-central-1",
        "scipio-prod-copies": "eu-west-1",
        "scipio-prod-edge": "us-east-1",
    }
    assert elsewhere["scipio-prod-copies"] == {
        "aws:backup/vault:Vault",
        "aws:kms/alias:Alias",
        "aws:kms/key:Key",
    }
    assert elsewhere["scipio-prod-edge"] >= {"aws:acm/certificate:Certificate"}
    assert all(
        not kind.startswith(("aws:lb/", "aws:ec2/", "aws:rds/"))
        for kind in elsewhere["scipio-prod-edge"]
    )


def test_a_stack_for_several_accounts_asks_which_one_it_is_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caller = {"aws:index/getCallerIdentity:getCallerIdentity": {"accountId": "210987654321"}}
    monkeypatch.setattr(aws_stand_ins, "ANSWERS", {**aws_stand_ins.ANSWERS, **caller})
    accounts = ["123456789012", "210987654321"]
    recording = record_aws("dev", {"aws": {"allowedAccountIds": accounts}})

    policy = recording.named("iam/rolePolicy:RolePolicy", "scipio-dev-app").inputs["policy"]
    assert "210987654321" in policy
    assert "123456789012:autoScalingGroup" not in policy


# Options


def test_two_colours_are_two_groups_with_weights(everything: Recording) -> None:
    groups = [each.name for each in everything.of_type(GROUP)]
    assert groups == ["scipio-prod-blue", "scipio-prod-green", "scipio-prod-search"]

    forwards = [
        action["forward"]
        for rule in everything.of_type("ListenerRule")
        for action in rule.inputs["actions"]
        if action["type"] == "forward"
    ]
    assert forwards
    for forward in forwards:
        assert [target["weight"] for target in forward["targetGroups"]] == [100, 0]


def test_each_colour_runs_its_own_image(everything: Recording) -> None:
    green = user_data(everything.named(LAUNCH_TEMPLATE, "scipio-prod-green"))
    blue = user_data(everything.named(LAUNCH_TEMPLATE, "scipio-prod-blue"))

    assert OTHER_IMAGE in green
    assert OTHER_IMAGE not in blue


OFF = {
    "search": {"mode": "off"},
    "balancer": {"rootRedirect": "/admin/control/main", "accessLogs": False},
    "waf": {"enabled": False},
    "backup": {"enabled": False},
    "monitoring": {"alarms": False, "dashboard": False, "monthlyBudgetUsd": None},
    "secrets": {"kmsKey": "aws"},
    "network": {"flowLogs": False},
}


@pytest.fixture(scope="session")
def sparse() -> Recording:
    """Production without anything that can be turned off."""
    return record_aws("prod", OFF)


@pytest.mark.parametrize(
    "is_of_it",
    [
        lambda each: "search" in each.name,
        lambda each: each.type.startswith("aws:wafv2"),
        lambda each: each.type.startswith("aws:backup"),
        lambda each: each.type.endswith(":MetricAlarm"),
        lambda each: each.type.endswith(":Dashboard"),
        lambda each: each.type.endswith(":Budget"),
        lambda each: each.type.startswith("aws:kms"),
        lambda each: "flow" in each.name,
        lambda each: each.type.startswith("aws:s3"),
    ],
    ids=[
        "search",
        "waf",
        "backup",
        "alarms",
        "dashboard",
        "budget",
        "key",
        "flow-logs",
        "access-logs",
    ],
)
def test_what_is_turned_off_leaves_nothing_behind(
    is_of_it: Callable[[Registration], bool], prod: Recording, sparse: Recording
) -> None:
    assert any(is_of_it(each) for each in prod)
    assert [each.name for each in sparse if is_of_it(each)] == []


def test_an_own_key_encrypts_everything_that_takes_one(prod: Recording) -> None:
    key = prod.named("kms/key:Key", "scipio-prod-key").outputs["arn"]

    assert prod.of_type("rds/instance:Instance")[0].inputs["kmsKeyId"] == key
    assert prod.of_type("efs/fileSystem:FileSystem")[0].inputs["kmsKeyId"] == key
    for secret in prod.of_type("secretsmanager/secret:Secret"):
        assert secret.inputs["kmsKeyId"] == key
    for template in prod.of_type(LAUNCH_TEMPLATE):
        assert template.inputs["blockDeviceMappings"][0]["ebs"]["kmsKeyId"] == key


def test_cloudfront_takes_the_name_over(everything: Recording, prod: Recording) -> None:
    def alias(recording: Recording) -> str:
        record = recording.named("Record", "scipio-prod-erp.example.com-a")
        return str(record.inputs["aliases"][0]["name"])

    assert alias(everything).endswith("cloudfront.net")
    assert alias(prod).endswith("elb.amazonaws.com")
    assert "distribution" in everything.exports.values
    assert "distribution" not in prod.exports.values


def _of_existing_network(_: StandIns, args: Any) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """What AWS says of a VPC that is there; odd subnets are in the first zone."""
    if args.token == "aws:ec2/getVpc:getVpc":
        return {"id": args.args["id"], "enableDnsSupport": True, "enableDnsHostnames": True}, []
    number = int(args.args["id"][-1])
    return {
        "id": args.args["id"],
        "vpcId": "vpc-0123456789abcdef0",
        "availabilityZone": f"eu-central-1{'ba'[number % 2]}",
        "availableIpAddressCount": 250,
        "cidrBlock": f"10.0.{number}.0/24",
    }, []


def test_an_existing_network_is_used_and_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    existing = {
        "vpcId": "vpc-0123456789abcdef0",
        "publicSubnetIds": ["subnet-0123456789abcde01", "subnet-0123456789abcde02"],
        "privateSubnetIds": ["subnet-0123456789abcde03", "subnet-0123456789abcde04"],
        "isolatedSubnetIds": ["subnet-0123456789abcde05", "subnet-0123456789abcde06"],
    }
    monkeypatch.setattr(StandIns, "call", _of_existing_network)
    changes = {
        "network": {"existing": existing},
        "image": {"existing": IMAGE},
        "servers": {"ami": "ami-0123456789abcdef0"},
    }
    recording = record_aws("dev", changes)

    made = types(recording)
    assert not made & {"aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:ec2/natGateway:NatGateway"}
    group = recording.of_type(GROUP)[0]
    assert group.inputs["vpcZoneIdentifiers"] == existing["privateSubnetIds"]
    balancer = recording.of_type("lb/loadBalancer:LoadBalancer")[0]
    assert balancer.inputs["subnets"] == existing["publicSubnetIds"]
    subnets = recording.of_type("rds/subnetGroup:SubnetGroup")[0].inputs["subnetIds"]
    assert subnets == existing["isolatedSubnetIds"]


# Order, outputs


@each_stack
def test_servers_wait_for_all_that_a_node_needs(stack: StackName, on_aws: OnAws) -> None:
    """A node that boots before its database, broker or files would fail its first start."""
    recording = on_aws[stack]
    needed = {
        each.urn
        for kind in ("rds/instance:Instance", "mq/broker:Broker", "efs/mountTarget:MountTarget",
                     "secretsmanager/secretVersion:SecretVersion", "lb/listener:Listener", INGRESS)
        for each in recording.of_type(kind)
        if "search" not in each.name
    }  # fmt: skip
    for group in recording.of_type(GROUP):
        assert needed <= group.depends_on, group.name


@each_stack
def test_operators_find_every_name_that_docs_use(stack: StackName, on_aws: OnAws) -> None:
    exports = on_aws[stack].exports.values
    always = {
        "cluster", "url", "readme", "serverGroups", "loadBalancer", "broker", "brokerId",
        "brokerConsoles", "database", "logGroup", "image", "administratorSecret",
        "brokerOperatorSecret", "nat",
    }  # fmt: skip

    assert always <= set(exports)
    assert exports["url"] == f"https://{configuration(stack)['balancer']['host']}"
    assert ("alarmTopic" in exports) == (stack != "dev")
    assert ("imageRepository" in exports) == (stack != "prod")


@each_stack
def test_a_first_preview_declares_the_same_resources(stack: StackName, on_aws: OnAws) -> None:
    """What waits for values that are not known yet would be missing from what a person reads."""
    preview = record_aws(stack, preview=True)

    assert {each.urn for each in preview} == {each.urn for each in on_aws[stack]}


def test_servers_reach_the_brokers_console_only_where_the_stack_says_so() -> None:
    def console(recording: Recording) -> list[int]:
        return [
            each.inputs["fromPort"]
            for each in recording.of_type("SecurityGroupIngressRule")
            if each.name.endswith("app-to-console-in")
        ]

    opened = record_aws("dev", {"messaging": {"consoleFromServers": True}})
    assert console(opened) == [8162]
    assert console(record_aws("dev")) == []
