"""The network: three kinds of subnet in each zone, and exactly the ways out that were asked for."""

import json
from typing import Any

import pulumi
import pytest
from pulumi_aws import lb

from components.aws.endpoints import SERVICES
from components.aws.existing_network import SeenSubnet, SeenVpc, faults
from components.aws.network import Network, NetworkArgs
from settings.aws import network as models
from tests.components.aws.sections import KEY_ARN, section, surroundings
from tests.support import recorder
from tests.support.aws_stand_ins import ACCOUNT_ID, id_of
from tests.support.recorder import Recording, Registration, record

ZONES = ("eu-central-1a", "eu-central-1b", "eu-central-1c")
VPC = "vpc-0123456789abcdef0"
EXISTING = {
    "vpcId": VPC,
    "publicSubnetIds": ["subnet-0000000000000000a", "subnet-0000000000000000b"],
    "privateSubnetIds": ["subnet-0000000000000001a", "subnet-0000000000000001b"],
    "isolatedSubnetIds": ["subnet-0000000000000002a", "subnet-0000000000000002b"],
}


def network(
    *,
    protect: bool = True,
    key_arn: str | None = KEY_ARN,
    log_retention_days: int = 90,
    zones: tuple[str, ...] = ZONES[:2],
    preview: bool = False,
    **changes: Any,
) -> Recording:
    def program() -> None:
        made = Network(
            "network",
            NetworkArgs(
                surroundings=surroundings(protect=protect),
                network=section(models.Network, "network", zones=zones, **changes),
                log_retention_days=log_retention_days,
                key_arn=key_arn,
            ),
        )
        pulumi.export("vpcId", made.vpc_id)
        pulumi.export("public", list(made.public_subnet_ids))
        pulumi.export("private", list(made.private_subnet_ids))
        pulumi.export("isolated", list(made.isolated_subnet_ids))
        pulumi.export("natPublicIps", list(made.nat_public_ips))
        pulumi.export("endpointsGroup", made.endpoints_group_id)
        pulumi.export("s3", made.s3_prefix_list_id)
        pulumi.export("waysOut", [way.urn for way in made.ways_out])
        assert made.zones == zones

    return record(program, stack="prod", preview=preview)


def ids(kind: str, *parts: str) -> list[str]:
    """Ids of what was made, as AWS answers; `kind` as `ec2/subnet:Subnet`."""
    return [id_of(f"aws:{kind}", f"scipio-prod-{part}") for part in parts]


def private(*, kind: str) -> list[str]:
    return ids(kind, *(f"private-{zone}" for zone in ZONES[:2]))


SUBNET = "ec2/subnet:Subnet"
TABLE = "ec2/routeTable:RouteTable"
NAT = "ec2/natGateway:NatGateway"


@pytest.fixture(scope="module")
def prod() -> Recording:
    return network()


def named(recording: Recording, kind: str) -> list[Registration]:
    return [each for each in recording if each.type.endswith(f":{kind}")]


def test_every_zone_has_three_subnets_that_give_nobody_a_public_address(prod: Recording) -> None:
    subnets = {each.name: each.inputs for each in named(prod, "Subnet")}

    assert set(subnets) == {
        f"scipio-prod-{kind}-{zone}"
        for kind in ("public", "private", "isolated")
        for zone in ZONES[:2]
    }
    assert all(each["mapPublicIpOnLaunch"] is False for each in subnets.values())
    assert subnets["scipio-prod-private-eu-central-1a"]["cidrBlock"] == "10.42.0.0/19"
    assert subnets["scipio-prod-private-eu-central-1a"]["availabilityZone"] == "eu-central-1a"


def test_another_zone_at_the_end_touches_nothing_that_is_there() -> None:
    two, three = network(zones=ZONES[:2], nat="one"), network(zones=ZONES, nat="one")
    later = {each.urn: each for each in three}
    changed = [each.name for each in two if each.custom and each.inputs != later[each.urn].inputs]

    # The endpoint learns of the new zone's route table, in place.
    assert changed == ["scipio-prod-s3"]


def test_names_resolve_within(prod: Recording) -> None:
    [vpc] = named(prod, "Vpc")

    assert vpc.inputs["enableDnsSupport"] is True
    assert vpc.inputs["enableDnsHostnames"] is True
    assert vpc.inputs["cidrBlock"] == "10.42.0.0/16"


@pytest.mark.parametrize("protect", [True, False])
def test_the_vpc_is_protected_with_the_stack(protect: bool) -> None:
    recording = network(protect=protect)

    assert named(recording, "Vpc")[0].protect is protect
    assert all(each.protect is protect for each in named(recording, "Eip"))


def test_the_default_group_lets_nothing_through(prod: Recording) -> None:
    [group] = named(prod, "DefaultSecurityGroup")

    assert group.inputs["ingress"] == []
    assert group.inputs["egress"] == []


def routes(recording: Recording) -> dict[str, str]:
    """Where packets for anywhere go, by the route's name."""
    return {
        each.name.removeprefix("scipio-prod-"): next(
            str(each.inputs[key]) for key in ("gatewayId", "natGatewayId") if key in each.inputs
        )
        for each in named(recording, "Route")
    }


def test_without_nat_nothing_leads_out_of_private_subnets() -> None:
    recording = network(nat="none", interface_endpoints=True)

    assert list(routes(recording)) == ["public-internet"]
    assert not named(recording, "NatGateway")
    assert recording.exports.values["natPublicIps"] == []


def test_one_nat_serves_every_zone_from_the_first() -> None:
    recording = network(nat="one")
    [gateway] = named(recording, "NatGateway")

    [first] = ids(NAT, "nat-eu-central-1a")
    assert [gateway.inputs["subnetId"]] == ids(SUBNET, "public-eu-central-1a")
    assert {key: value for key, value in routes(recording).items() if "nat" in key} == {
        "private-eu-central-1a-nat": first,
        "private-eu-central-1b-nat": first,
    }


def test_a_nat_a_zone_keeps_each_zones_packets_in_it(prod: Recording) -> None:
    assert {key: value for key, value in routes(prod).items() if "nat" in key} == {
        f"private-{zone}-nat": ids(NAT, f"nat-{zone}")[0] for zone in ZONES[:2]
    }
    assert len(prod.exports.values["natPublicIps"]) == 2


def test_going_from_one_nat_to_one_a_zone_keeps_the_first_address() -> None:
    """Partners have it in their allow-lists."""
    one, each_zone = network(nat="one"), network(nat="per-zone")

    assert {each.urn for each in named(one, "Eip")} < {each.urn for each in named(each_zone, "Eip")}


def test_a_nat_gateway_waits_for_the_way_to_the_internet(prod: Recording) -> None:
    route = prod.named("route:Route", "scipio-prod-public-internet")

    assert all(route.urn in gateway.depends_on for gateway in named(prod, "NatGateway"))


def test_who_stands_in_a_public_subnet_waits_for_the_way_to_the_internet() -> None:
    """A load balancer is refused in a VPC without one."""

    def program() -> None:
        made = Network(
            "network",
            NetworkArgs(
                surroundings=surroundings(),
                network=section(models.Network, "network", zones=ZONES[:2]),
                log_retention_days=90,
                key_arn=None,
            ),
        )
        lb.LoadBalancer("inside", subnets=list(made.public_subnet_ids))

    recording = record(program, stack="prod")
    [inside] = recording.of_type("lb/loadBalancer:LoadBalancer")
    route = recording.named("route:Route", "scipio-prod-public-internet")
    assert route.urn in inside.depends_on


@pytest.mark.parametrize(
    ("changes", "ways"),
    [
        ({"nat": "one"}, ["Nat::nat", "S3Endpoint::s3-endpoint"]),
        (
            {"nat": "none", "interface_endpoints": True},
            ["S3Endpoint::s3-endpoint", "InterfaceEndpoints::endpoints"],
        ),
    ],
)
def test_every_way_out_can_be_waited_for(changes: dict[str, Any], ways: list[str]) -> None:
    """A server that starts too early finds neither packages nor its image."""
    seen = network(**changes).exports.values["waysOut"]

    assert [urn.rpartition("scipio:aws:")[2] for urn in seen] == ways


def test_isolated_subnets_lead_nowhere(prod: Recording) -> None:
    [table] = ids(TABLE, "isolated")
    associated = [
        each.name
        for each in named(prod, "RouteTableAssociation")
        if each.inputs["routeTableId"] == table
    ]

    assert associated == [f"scipio-prod-isolated-{zone}" for zone in ZONES[:2]]
    assert not [each for each in named(prod, "Route") if each.inputs["routeTableId"] == table]


def test_every_subnet_has_a_route_table(prod: Recording) -> None:
    associated = {each.inputs["subnetId"] for each in named(prod, "RouteTableAssociation")}

    assert associated == {
        id_of("aws:ec2/subnet:Subnet", each.name) for each in named(prod, "Subnet")
    }


@pytest.mark.parametrize("nat", ["none", "one", "per-zone"])
def test_the_free_way_to_s3_is_always_there_for_private_subnets(nat: str) -> None:
    recording = network(nat=nat)
    endpoint = recording.named("VpcEndpoint", "scipio-prod-s3")

    assert endpoint.inputs["vpcEndpointType"] == "Gateway"
    assert endpoint.inputs["serviceName"] == "com.amazonaws.eu-central-1.s3"
    assert endpoint.inputs["routeTableIds"] == private(kind=TABLE)
    assert recording.exports.values["s3"].startswith("pl-")


def test_strangers_read_image_layers_and_packages_from_s3_and_nothing_else(prod: Recording) -> None:
    policy = json.loads(prod.named("VpcEndpoint", "scipio-prod-s3").inputs["policy"])
    own, public = policy["Statement"]

    assert own["Condition"] == {"StringEquals": {"aws:PrincipalAccount": ACCOUNT_ID}}
    assert public["Action"] == "s3:GetObject"
    assert public["Resource"] == [
        "arn:aws:s3:::prod-eu-central-1-starport-layer-bucket/*",
        "arn:aws:s3:::al2023-repos-eu-central-1-de612dc2/*",
    ]


def test_a_bucket_of_a_partner_is_reached_where_it_is_named() -> None:
    """By those who have the right there: a signed link is of the partner's account."""
    recording = network(s3_buckets=["partner-invoices"])
    policy = json.loads(recording.named("VpcEndpoint", "scipio-prod-s3").inputs["policy"])
    *_, further = policy["Statement"]

    assert len(policy["Statement"]) == 3
    assert further["Action"] == ["s3:GetObject", "s3:PutObject"]
    assert further["Resource"] == ["arn:aws:s3:::partner-invoices/*"]


def test_interface_endpoints_answer_at_the_services_usual_names() -> None:
    recording = network(nat="none", interface_endpoints=True)
    [group_id] = ids("ec2/securityGroup:SecurityGroup", "endpoints")
    endpoints = [
        each
        for each in named(recording, "VpcEndpoint")
        if each.inputs["vpcEndpointType"] == "Interface"
    ]

    assert {each.inputs["serviceName"] for each in endpoints} == {
        f"com.amazonaws.eu-central-1.{service}" for service in SERVICES
    }
    for each in endpoints:
        assert each.inputs["privateDnsEnabled"] is True
        assert each.inputs["subnetIds"] == private(kind=SUBNET)
        assert each.inputs["securityGroupIds"] == [group_id]
        [statement] = json.loads(each.inputs["policy"])["Statement"]
        assert statement["Condition"] == {"StringEquals": {"aws:PrincipalAccount": ACCOUNT_ID}}
        assert statement["Action"] != "*"
    assert recording.exports.values["endpointsGroup"] == group_id


def test_what_a_node_calls_has_an_endpoint() -> None:
    """Without one of these a node in a network without NAT does not start, or is not reached."""
    assert {
        "ecr.api",
        "ecr.dkr",
        "logs",
        "secretsmanager",
        "ssm",
        "ssmmessages",
        "autoscaling",
        "monitoring",
        "kms",
    } <= set(SERVICES)


def test_nobody_may_use_the_endpoints_until_let_in() -> None:
    recording = network(nat="none", interface_endpoints=True)
    [group] = named(recording, "SecurityGroup")

    assert "ingress" not in group.inputs
    assert not named(recording, "SecurityGroupIngressRule")


def test_purposes_are_what_a_tag_may_hold() -> None:
    allowed = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _.:/=+-@")

    assert all(set(service.purpose) <= allowed for service in SERVICES.values())


def test_without_interface_endpoints_there_is_no_group_for_them(prod: Recording) -> None:
    assert not named(prod, "SecurityGroup")
    assert "endpointsGroup" not in prod.exports.values


def test_flow_logs_record_everything_for_their_time() -> None:
    recording = network(log_retention_days=400)
    [log] = named(recording, "FlowLog")
    [group] = named(recording, "LogGroup")

    assert log.inputs["trafficType"] == "ALL"
    assert log.inputs["maxAggregationInterval"] == 600
    assert log.inputs["logDestination"] == group.outputs["arn"]
    assert group.inputs["retentionInDays"] == 400
    assert group.inputs["kmsKeyId"] == KEY_ARN


def test_the_role_of_flow_logs_writes_to_their_group_and_for_this_account_alone(
    prod: Recording,
) -> None:
    [role] = named(prod, "Role")
    [policy] = named(prod, "RolePolicy")
    [group] = named(prod, "LogGroup")
    [trust] = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
    writing, listing = json.loads(policy.inputs["policy"])["Statement"]

    assert trust["Principal"] == {"Service": "vpc-flow-logs.amazonaws.com"}
    assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": ACCOUNT_ID}
    assert writing["Resource"] == [group.outputs["arn"], f"{group.outputs['arn']}:*"]
    assert listing["Action"] == "logs:DescribeLogGroups"
    assert "*" not in {writing["Action"][0], listing["Resource"]}


def test_flow_logs_can_be_off() -> None:
    recording = network(flow_logs=False)

    assert not [each for each in recording if each.type.endswith((":FlowLog", ":LogGroup"))]


def subnet(subnet_id: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": subnet_id,
        "vpcId": VPC,
        "availabilityZone": f"eu-central-1{subnet_id[-1]}",
        "cidrBlock": "10.0.0.0/24",
        "availableIpAddressCount": 200,
        "mapPublicIpOnLaunch": False,
        **changes,
    }


class Account:
    """What AWS answers to questions about the network that is there."""

    def __init__(self) -> None:
        self.vpc = {"id": VPC, "enableDnsSupport": True, "enableDnsHostnames": True}
        self.changes: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []

    def call(self, args: Any) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        self.asked.append(args.token)
        if args.token == "aws:ec2/getVpc:getVpc":
            return self.vpc, []
        assert args.token == "aws:ec2/getSubnet:getSubnet"
        return subnet(args.args["id"], **self.changes.get(args.args["id"], {})), []


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Account:
    account = Account()
    monkeypatch.setattr(recorder.StandIns, "call", lambda _, args: account.call(args))
    return account


@pytest.mark.parametrize("preview", [True, False])
def test_of_an_existing_vpc_nothing_is_made(account: Account, preview: bool) -> None:
    recording = network(existing=EXISTING, preview=preview)

    assert [each.type for each in recording if each.custom] == []
    assert recording.exports.values["vpcId"] == VPC
    assert recording.exports.values["public"] == EXISTING["publicSubnetIds"]
    assert recording.exports.values["private"] == EXISTING["privateSubnetIds"]
    assert recording.exports.values["isolated"] == EXISTING["isolatedSubnetIds"]
    assert "s3" not in recording.exports.values
    assert len(account.asked) == 7


def test_of_its_own_vpc_aws_is_asked_nothing(account: Account) -> None:
    """A preview needs no credentials for it."""
    network()

    assert account.asked == []


def test_an_existing_vpc_that_lacks_something_is_refused_with_all_that_it_lacks(
    account: Account,
) -> None:
    account.vpc["enableDnsHostnames"] = False
    account.changes[EXISTING["publicSubnetIds"][1]] = {"availableIpAddressCount": 3}
    account.changes[EXISTING["isolatedSubnetIds"][0]] = {"availabilityZone": "eu-central-1c"}

    with pytest.raises(Exception, match=f"cannot run in {VPC}") as caught:
        network(existing=EXISTING)
    text = str(caught.value)
    assert "its DNS host names are off" in text
    assert "subnet-0000000000000000b has 3 free addresses, and 8 are needed" in text
    assert "isolatedSubnetIds: subnet-0000000000000002a is in eu-central-1c" in text
    assert "nothing was made" in text


GOOD_VPC = SeenVpc(id=VPC, dns_support=True, dns_hostnames=True)


def seen(key: str = "publicSubnetIds", **changes: Any) -> SeenSubnet:
    given: dict[str, Any] = {
        "key": key,
        "id": "subnet-1",
        "wanted_zone": "eu-central-1a",
        "vpc_id": VPC,
        "zone": "eu-central-1a",
        "cidr": "10.0.0.0/24",
        "free_addresses": 100,
        "hands_out_public_addresses": False,
        **changes,
    }
    return SeenSubnet(**given)


@pytest.mark.parametrize(
    ("subnet", "says"),
    [
        (seen(vpc_id="vpc-2"), "belongs to vpc-2"),
        (seen(zone="eu-central-1b"), "stands in the place of eu-central-1a"),
        (seen(free_addresses=7), "has 7 free addresses, and 8 are needed"),
        (seen("isolatedSubnetIds", free_addresses=3), "has 3 free addresses, and 4 are needed"),
        (seen(cidr="10.0.0.0/28"), "is 10.0.0.0/28; a load balancer takes /27 or larger"),
        (seen("privateSubnetIds", hands_out_public_addresses=True), "public addresses"),
    ],
)
def test_each_lack_of_a_subnet_is_said(subnet: SeenSubnet, says: str) -> None:
    [fault] = faults(GOOD_VPC, [subnet])

    assert says in fault
    assert subnet.key in fault


@pytest.mark.parametrize(
    "subnet",
    [
        seen(hands_out_public_addresses=True),
        seen("privateSubnetIds", cidr="10.0.0.0/28", free_addresses=4),
        seen("isolatedSubnetIds", free_addresses=4),
    ],
)
def test_what_suffices_is_not_complained_of(subnet: SeenSubnet) -> None:
    assert faults(GOOD_VPC, [subnet]) == []


def test_a_vpc_without_dns_is_refused() -> None:
    without = SeenVpc(id=VPC, dns_support=False, dns_hostnames=True)

    assert "its DNS support is off" in faults(without, [])[0]
