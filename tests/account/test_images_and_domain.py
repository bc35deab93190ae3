"""Images, certificates and the zone, in AWS's own forms of answer."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from account import domain, images
from tests.account.answers import Answer, ScriptedAws, missing
from tests.account.stacks import aws_settings

NOW = datetime(2026, 12, 1, tzinfo=UTC)
ARN = "arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d"
ZONE = {"HostedZone": {"Name": "example.com.", "ResourceRecordSetCount": 4, "Config": {}}}


def ami(**changes: Any) -> str:
    image = {
        "State": "available",
        "Architecture": "x86_64",
        "CreationDate": "2026-11-02T08:00:00.000Z",
        **changes,
    }
    aws = ScriptedAws(
        answers={
            "ec2.describe_images": {"Images": [image]},
            "ssm.get_parameter": {"Parameter": {"Value": "ami-0fedcba9876543210"}},
        }
    )
    found = images.machine_image_finding(aws, aws_settings("prod"), NOW)
    assert (found.verdict == "fits") == (not found.remedy)
    assert found.verdict == "fits" or "ami-0fedcba9876543210" in found.remedy
    return f"{found.verdict}: {found.seen}"


def test_the_machine_image_is_there_fits_and_is_not_old() -> None:
    assert ami() == "fits: 28 days old"
    assert ami(CreationDate="2026-03-01T08:00:00.000Z") == "mind: 274 days old"
    assert ami(DeprecationTime="2026-11-30T00:00:00.000Z") == "mind: 28 days old, and deprecated"
    assert ami(Architecture="arm64").startswith("lacks: it is arm64")
    assert ami(State="deregistered") == "lacks: its state is deregistered"


def test_a_machine_image_of_another_region_is_not_there() -> None:
    aws = ScriptedAws(answers={"ec2.describe_images": missing("InvalidAMIID.NotFound")})
    assert images.machine_image_finding(aws, aws_settings("prod"), NOW).verdict == "lacks"


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ({"imageDetails": [{"imagePushedAt": NOW}]}, "fits"),
        (missing("ImageNotFoundException"), "lacks"),
        (missing("RepositoryNotFoundException"), "lacks"),
    ],
)
def test_the_nodes_image_is_in_its_repository(answer: Answer, verdict: str) -> None:
    aws = ScriptedAws(answers={"ecr.describe_images": answer})
    [found] = images.node_image_findings(aws, aws_settings("prod"))
    assert found.verdict == verdict


def test_an_image_elsewhere_is_not_looked_for() -> None:
    elsewhere = f"registry.example.com/acme/scipio@sha256:{'1' * 64}"
    image = {"image": {"existing": elsewhere, "replicate": False}}
    [found] = images.node_image_findings(ScriptedAws(), aws_settings("prod", image))
    assert found.verdict == "unknown"


def certificate(**changes: Any) -> str:
    there = {"DomainName": "erp.example.com", "Status": "ISSUED", **changes}
    aws = ScriptedAws(answers={"acm.describe_certificate": {"Certificate": there}})
    settings = aws_settings("prod", {"dns": {"certificateArn": ARN}})
    [found] = domain.certificate_findings(aws, settings, NOW)
    return found.verdict


def test_a_certificate_is_issued_for_the_host_and_does_not_end_soon() -> None:
    assert certificate() == "fits"
    assert certificate(DomainName="*.example.com") == "fits"
    assert certificate(DomainName="www.example.com") == "lacks"
    assert certificate(Status="PENDING_VALIDATION") == "lacks"
    assert certificate(NotAfter=NOW + timedelta(days=10)) == "mind"


@pytest.mark.parametrize(
    ("name", "host", "expected"),
    [
        ("*.example.com", "erp.example.com", True),
        ("*.example.com", "a.erp.example.com", False),
        ("*.example.com", "example.com", False),
        ("ERP.example.com", "erp.example.com", True),
    ],
)
def test_a_wildcard_is_one_label(name: str, host: str, expected: bool) -> None:
    assert domain.covers(name, host) is expected


def zone(answer: Answer, records: list[dict[str, Any]] | None = None) -> list[str]:
    aws = ScriptedAws(
        answers={
            "route53.get_hosted_zone": answer,
            "route53.list_resource_record_sets": {"ResourceRecordSets": records or []},
        }
    )
    found = domain.zone_findings(aws, aws_settings("prod"), "scipio-prod")
    return [each.verdict for each in found]


def test_the_zone_is_this_accounts_public_one_and_the_name_is_free() -> None:
    there = {"Name": "erp.example.com.", "Type": "A", "ResourceRecords": [{"Value": "192.0.2.1"}]}
    own = {
        "Name": "erp.example.com.",
        "Type": "A",
        "AliasTarget": {"DNSName": "scipio-prod-alb-1a.eu-central-1.elb.amazonaws.com."},
    }
    private = {"HostedZone": {**ZONE["HostedZone"], "Config": {"PrivateZone": True}}}
    assert zone(ZONE) == ["fits", "fits"]
    assert zone(ZONE, [own]) == ["fits", "fits"]
    assert zone(ZONE, [there]) == ["fits", "mind"]
    assert zone(private) == ["lacks"]
    assert zone({"HostedZone": {"Name": "example.org."}}) == ["lacks"]
    assert zone(missing("NoSuchHostedZone")) == ["lacks"]
