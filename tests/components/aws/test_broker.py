"""The broker: private, authorised, and found by its addresses and not by their order."""

import json
from collections.abc import Sequence
from typing import Any

import pulumi
import pytest

from components.aws.broker import (
    Broker,
    BrokerAddressError,
    BrokerArgs,
    BrokerPasswordError,
    broker_endpoints,
)
from contract.cluster_document import BrokerEndpoint
from settings.aws.mq_messaging import MqMessaging
from templates.syntax import xml
from tests.components.aws.sections import (
    KEY_ARN,
    SUBNETS,
    VPC_ID,
    api_faults,
    recorded,
    section,
    surroundings,
)
from tests.support.recorder import Inputs, Recording, Registration

APP_PASSWORD = "app-password-of-the-nodes"
OPERATOR_PASSWORD = "operator-password-of-people"


def args(
    *, key_arn: str | None = KEY_ARN, app_password: str = APP_PASSWORD, **changes: Any
) -> BrokerArgs:
    return BrokerArgs(
        surroundings=surroundings(),
        settings=section(MqMessaging, "messaging", **changes),
        vpc_id=VPC_ID,
        subnet_ids=list(SUBNETS.values()),
        key_arn=key_arn,
        app_password=app_password,
        operator_password=OPERATOR_PASSWORD,
    )


def broker(**given: Any) -> Recording:
    return recorded(lambda: Broker("broker", args(**given)))


def registration(recording: Recording) -> Registration:
    return recording.of_type("mq/broker:Broker")[0]


def inputs(recording: Recording) -> Inputs:
    return registration(recording).inputs


def addresses(host: str) -> list[str]:
    return [f"amqp+ssl://{host}:5671", f"ssl://{host}:61617", f"wss://{host}:61619"]


def test_it_is_private_and_encrypted_and_takes_patches() -> None:
    """Amazon MQ makes no broker of 5.18 that does not take patches by itself."""
    given = inputs(broker())

    assert given["publiclyAccessible"] is False
    assert given["autoMinorVersionUpgrade"] is True
    assert given["encryptionOptions"] == {"kmsKeyId": KEY_ARN, "useAwsOwnedKey": False}
    assert given["logs"] == {"general": True, "audit": True}
    assert "brokerName" not in given


def test_a_pair_is_in_the_first_two_zones() -> None:
    given = inputs(broker(deployment="active-standby"))

    assert given["deploymentMode"] == "ACTIVE_STANDBY_MULTI_AZ"
    assert given["subnetIds"] == list(SUBNETS.values())[:2]


def test_a_single_one_is_in_the_first_zone() -> None:
    given = inputs(broker(deployment="single"))

    assert given["deploymentMode"] == "SINGLE_INSTANCE"
    assert given["subnetIds"] == list(SUBNETS.values())[:1]


@pytest.mark.parametrize(
    ("deployment", "instance_type", "storage"),
    [
        ("single", "mq.t3.micro", "efs"),
        ("single", "mq.m5.large", "ebs"),
        ("active-standby", "mq.m5.large", "efs"),
    ],
)
def test_the_storage_is_what_there_is_for_its_size_and_never_changes(
    deployment: str, instance_type: str, storage: str
) -> None:
    """The provider would show a change at every preview and make none."""
    recording = broker(deployment=deployment, instance_type=instance_type)

    assert inputs(recording)["storageType"] == storage
    assert "storageType" in registration(recording).ignore_changes


def test_every_setting_reaches_the_broker() -> None:
    recording = broker(
        engine_version="5.19",
        instance_type="mq.m5.xlarge",
        maintenance_window={"day": "TUESDAY", "time": "03:00", "timeZone": "Europe/Berlin"},
        app_user="erp",
        operator_user="people",
        apply_immediately=True,
        logs=False,
    )
    given = inputs(recording)

    assert given["engineVersion"] == "5.19"
    assert given["hostInstanceType"] == "mq.m5.xlarge"
    assert given["maintenanceWindowStartTime"] == {
        "dayOfWeek": "TUESDAY",
        "timeOfDay": "03:00",
        "timeZone": "Europe/Berlin",
    }
    assert [user["username"] for user in given["users"]] == ["erp", "people"]
    assert given["applyImmediately"] is True
    assert given["logs"] == {"general": False, "audit": False}
    assert recording.of_type("mq/configuration:Configuration")[0].inputs["engineVersion"] == "5.19"


def test_the_nodes_user_has_no_console_and_the_peoples_has() -> None:
    app, operator = inputs(broker())["users"]

    assert (app["groups"], app["consoleAccess"]) == (["nodes"], False)
    assert operator["groups"] == ["operators", "activemq-webconsole"]
    assert operator["consoleAccess"] is True


def test_passwords_are_secret_wherever_they_are() -> None:
    """The SDK does not mark them by itself."""
    recording = broker()
    made = registration(recording)

    assert [user["password"] for user in made.inputs["users"]] == [APP_PASSWORD, OPERATOR_PASSWORD]
    assert all(made.is_secret("users", place, "password") for place in (0, 1))
    assert "users" in made.additional_secret_outputs
    for each in recording:
        if each.urn != made.urn:
            assert APP_PASSWORD not in json.dumps(each.inputs)


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("too-short", "has 9 characters"),
        ("aaaaaaaaaaaabbb", "2 different"),
        ("with,comma:and=sign", "holds , and : and ="),
    ],
)
def test_a_password_that_amazon_refuses_is_refused_before_anything_is_made(
    password: str, fault: str
) -> None:
    """Amazon MQ says so itself after a quarter of an hour; the sentence never repeats it."""
    with pytest.raises(BrokerPasswordError, match=fault) as caught:
        broker(app_password=password)

    assert "user scipio" in str(caught.value)
    assert password not in str(caught.value)


def test_the_configuration_is_the_brokers_own_revision() -> None:
    recording = broker(
        topic="Clears", topic_memory_mib=17, pending_messages=234, slow_consumer_s=90
    )
    [configuration] = recording.of_type("mq/configuration:Configuration")
    root = xml.parse(configuration.inputs["data"].encode())
    [policy] = root.iter("{*}policyEntry")

    assert inputs(recording)["configuration"] == {"id": configuration.id, "revision": 1}
    assert {str(key): value for key, value in policy.items()} == {
        "topic": "Clears",
        "producerFlowControl": "false",
        "memoryLimit": "17mb",
        "topicPrefetch": "117",
    }
    assert [each.get("maxSlowDuration") for each in root.iter("{*}abortSlowConsumerStrategy")] == [
        "90000"
    ]
    # Amazon MQ would take a new engine version with the old name only after a deletion.
    assert "name" not in configuration.inputs


def test_it_may_write_its_logs_before_it_is_made() -> None:
    recording = broker()
    [permission] = recording.of_type("LogResourcePolicy")
    [statement] = json.loads(permission.inputs["policyDocument"])["Statement"]

    assert permission.urn in registration(recording).depends_on
    assert permission.inputs["policyName"] == "scipio-prod-broker-logs"
    assert statement["Principal"] == {"Service": "mq.amazonaws.com"}
    assert statement["Resource"].endswith(":123456789012:log-group:/aws/amazonmq/*")
    assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": "123456789012"}


def test_without_logs_the_account_gets_no_policy() -> None:
    """There are ten in a region at most."""
    with pytest.raises(LookupError):
        broker(logs=False).of_type("LogResourcePolicy")


def test_without_a_key_of_the_stacks_own_it_is_amazons() -> None:
    assert "encryptionOptions" not in inputs(broker(key_arn=None))


def test_the_order_in_which_addresses_come_does_not_matter() -> None:
    first, second = addresses("b-1.mq.test"), addresses("b-2.mq.test")
    expected = [BrokerEndpoint(host="b-1.mq.test"), BrokerEndpoint(host="b-2.mq.test")]

    assert broker_endpoints([first, second]) == expected
    assert broker_endpoints([second[::-1], first[::-1]]) == expected


@pytest.mark.parametrize(
    "instances",
    [[], [[]], [["amqp+ssl://b:5671"]], [["ssl://b:1"]], [addresses("b-1.mq.test"), ["tcp://b:1"]]],
)
def test_an_instance_without_an_address_for_nodes_is_an_error(
    instances: Sequence[Sequence[str]],
) -> None:
    with pytest.raises(BrokerAddressError, match="must be one that begins with ssl://"):
        broker_endpoints(instances)


@pytest.mark.parametrize(("deployment", "numbers"), [("single", [1]), ("active-standby", [1, 2])])
def test_its_outputs_name_every_instance(deployment: str, numbers: list[int]) -> None:
    """Also the one that waits; CloudWatch knows each by the broker's name and a number."""
    seen: dict[str, Any] = {}

    def make() -> Broker:
        made = Broker("broker", args(deployment=deployment))
        pulumi.Output.all(
            endpoints=made.endpoints,
            consoles=made.console_urls,
            names=pulumi.Output.all(*made.instance_names),
            name=made.broker_name,
            group=made.security_group_id,
        ).apply(seen.update)
        return made

    recording = recorded(make)

    hosts = [endpoint.host for endpoint in seen["endpoints"]]
    assert [host.split(".")[0][-2:] for host in hosts] == [f"-{number}" for number in numbers]
    assert {endpoint.port for endpoint in seen["endpoints"]} == {61617}
    assert seen["consoles"] == [f"https://{host}:8162" for host in hosts]
    assert seen["names"] == [f"{seen['name']}-{number}" for number in numbers]
    assert seen["group"] == recording.of_type("SecurityGroup")[0].id


def test_aws_accepts_all_of_it() -> None:
    for recording in (broker(), broker(deployment="single", key_arn=None, logs=False)):
        assert api_faults(recording) == []
