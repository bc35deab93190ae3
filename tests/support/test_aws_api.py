"""AWS's own description of its API finds what a slip would cost minutes to hear from AWS."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest

from tests.support.aws_api import APIS, faults

BROKER = "aws:mq/broker:Broker"
FILE_SYSTEM = "aws:efs/fileSystem:FileSystem"
SECRET = "aws:secretsmanager/secret:Secret"
ROLE = "aws:iam/role:Role"


class Given(NamedTuple):
    type: str
    inputs: Mapping[str, Any]
    name: str = "thing"


def test_what_aws_takes_is_no_fault() -> None:
    assert (
        faults(Given(BROKER, {"deploymentMode": "SINGLE_INSTANCE", "engineType": "ActiveMQ"})) == []
    )


@pytest.mark.parametrize(
    ("type_", "inputs", "fault"),
    [
        (
            BROKER,
            {"deploymentMode": "SINGLE"},
            "thing: deploymentMode: got 'SINGLE'; must be one of",
        ),
        (BROKER, {"publiclyAccessible": "no"}, "must be true or false"),
        (BROKER, {"subnetIds": "subnet-1"}, "must be a list"),
        (BROKER, {"subnets": []}, "no call of aws:mq/broker:Broker takes it"),
        (
            BROKER,
            {"users": [{"username": "xy", "password": "", "login": ""}]},
            "users[0].login: User has no such member",
        ),
        (
            BROKER,
            {"maintenanceWindowStartTime": {"dayOfWeek": "SUN", "timeOfDay": "04:00"}},
            "must be one of MONDAY",
        ),
        (FILE_SYSTEM, {"throughputMode": "fast"}, "must be one of bursting, provisioned, elastic"),
        (FILE_SYSTEM, {"kmsKeyId": "my key"}, "must match"),
        (FILE_SYSTEM, {"lifecyclePolicies": [{"transitionToIa": "AFTER_2_DAYS"}]}, "AFTER_7_DAYS"),
        (SECRET, {"namePrefix": "x" * 513}, "got 513 characters; the most is 512"),
        (ROLE, {"description": "\x07"}, "must match"),
        ("aws:kms/key:Key", {"deletionWindowInDays": 400}, "got 400; the most is 365"),
        ("aws:kms/key:Key", {"deletionWindowInDays": "soon"}, "must be a number"),
        (
            "aws:efs/accessPoint:AccessPoint",
            {"posixUser": {"uid": 10001}},
            "posixUser: Gid must be given",
        ),
    ],
)
def test_what_aws_refuses_is_found_and_named(
    type_: str, inputs: dict[str, Any], fault: str
) -> None:
    found = faults(Given(type_, inputs))

    assert len(found) == 1
    assert fault in found[0]


def test_a_type_that_nobody_described_is_an_error_and_not_a_pass() -> None:
    with pytest.raises(LookupError, match="add it to APIS"):
        faults(Given("aws:made/up:Type", {}))


@pytest.mark.parametrize("type_", sorted(APIS))
def test_every_call_and_every_member_of_the_table_is_one_of_aws(type_: str) -> None:
    """A slip in the table itself is found here, and not by whoever uses it."""
    for call in APIS[type_].calls:
        for name in call.members:
            given: Any = {} if name in ("rules", "parameters", "lifecyclePolicies") else None
            faults(Given(type_, {name: given}))
