"""What the zones offer, by version: in AWS's own forms of answer."""

from typing import Any

import pytest

from account import offerings
from tests.account.answers import ScriptedAws
from tests.account.stacks import aws_settings

ZONES = ("eu-central-1a", "eu-central-1b", "eu-central-1c")


def named(*zones: str) -> list[dict[str, str]]:
    return [{"Name": zone} for zone in zones]


@pytest.mark.parametrize(
    ("state", "verdict"), [("available", "fits"), ("impaired", "lacks"), (None, "lacks")]
)
def test_a_zone_of_the_stack_is_there(state: str | None, verdict: str) -> None:
    zones = [{"ZoneName": zone, "State": "available"} for zone in ZONES[:2]]
    zones += [{"ZoneName": ZONES[2], "State": state}] if state else []
    aws = ScriptedAws(answers={"ec2.describe_availability_zones": {"AvailabilityZones": zones}})
    assert offerings.zone_finding(aws, aws_settings("prod")).verdict == verdict


def test_a_type_that_one_zone_lacks_is_said_with_the_zone() -> None:
    offered = {"InstanceTypeOfferings": [{"Location": zone} for zone in ZONES[:2]]}
    aws = ScriptedAws(answers={"ec2.describe_instance_type_offerings": offered})
    [found] = offerings.server_findings(aws, aws_settings("prod"))
    assert (found.verdict, found.subject) == ("lacks", "Server type m7i.large")
    assert "not offered in eu-central-1c" in found.seen


def database(versions: list[dict[str, Any]], zones: tuple[str, ...] = ZONES) -> list[str]:
    options = [{"AvailabilityZones": named(*zones), "MultiAZCapable": True, "StorageType": "gp3"}]
    aws = ScriptedAws(
        answers={
            "rds.describe_db_engine_versions": {"DBEngineVersions": versions},
            "rds.describe_orderable_db_instance_options": {"OrderableDBInstanceOptions": options},
        }
    )
    return [each.verdict for each in offerings.database_findings(aws, aws_settings("prod"))]


def test_postgresql_is_made_in_two_zones() -> None:
    living = [{"EngineVersion": "16.9"}, {"EngineVersion": "17.5"}]
    assert database(living) == ["fits", "fits"]
    assert database(living, ZONES[:1]) == ["fits", "lacks"]
    assert database([{"EngineVersion": "17.5"}]) == ["lacks"]
    assert database([{"EngineVersion": "16.9", "Status": "deprecated"}]) == ["mind", "fits"]


def broker(versions: list[str], changes: Any = None, zones: tuple[str, ...] = ZONES) -> str:
    option = {
        "AvailabilityZones": named(*zones),
        "SupportedDeploymentModes": ["ACTIVE_STANDBY_MULTI_AZ"],
        "SupportedEngineVersions": versions,
    }
    aws = ScriptedAws(
        answers={"mq.describe_broker_instance_options": {"BrokerInstanceOptions": [option]}}
    )
    return offerings.broker_finding(aws, aws_settings("prod", changes or {})).verdict


def test_a_broker_of_the_version_is_still_made() -> None:
    assert broker(["5.18", "5.19"], {"messaging": {"engineVersion": "5.19"}}) == "fits"
    assert broker(["5.18", "5.19"], {"messaging": {"engineVersion": "5.18"}}) == "mind"
    assert broker(["5.19"], {"messaging": {"engineVersion": "5.18"}}) == "lacks"
    assert broker(["5.18", "5.19"], zones=ZONES[:1]) == "lacks"


def test_a_broker_of_an_unknown_size_is_not_made() -> None:
    assert offerings.broker_finding(ScriptedAws(), aws_settings("prod")).verdict == "lacks"
