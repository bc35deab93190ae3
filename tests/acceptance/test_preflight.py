"""A preflight against an emulated account that was opened today: real client, real wire."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import boto3  # type: ignore[import-untyped] # it ships no types
import pytest

from account.preflight import Preflight
from account.session import Aws
from tests.acceptance import emulation
from tests.account.stacks import aws_settings, recorded_plan
from tests.components.aws.stacks import StackName

pytestmark = pytest.mark.acceptance


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with emulation.emulator(tmp_path / "emulator.log", emulation.FRESH) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "emulated")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "emulated")
        yield


def verdicts(stack: StackName) -> dict[str, str]:
    settings = aws_settings(stack)
    asked = Preflight(
        aws=Aws(settings.aws.region, boto3.Session()),
        plan=recorded_plan(stack),
        settings=settings,
        cluster=f"scipio-{stack}",
        now=datetime.now(tz=UTC),
    )
    return {each.subject: each.verdict for each in asked.findings()}


def test_a_fresh_account_lacks_processors_and_has_addresses_for_production(fresh: None) -> None:
    found = verdicts("prod")
    assert found["Account 123456789012"] == "fits"
    assert found["Quota: Running On-Demand Standard instances (vCPUs)"] == "lacks"
    assert found["Quota: EC2-VPC Elastic IPs"] == "fits"
    assert found["Zones"] == "fits"
    assert found["Server type m7i.large"] == "fits"
    # What the stack file has to name, and this account has not.
    assert found["Machine image ami-0123456789abcdef0"] == "lacks"
    assert found["Hosted zone example.com"] == "lacks"


def test_the_sixth_address_is_one_too_many(fresh: None) -> None:
    ec2 = boto3.client("ec2", region_name="eu-central-1")
    for _ in range(3):
        ec2.allocate_address(Domain="vpc")
    assert verdicts("prod")["Quota: EC2-VPC Elastic IPs"] == "lacks"
    assert verdicts("dev")["Quota: EC2-VPC Elastic IPs"] == "fits"
