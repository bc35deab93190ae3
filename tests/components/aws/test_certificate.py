"""Certificates and names: proved once, counted before anything is known, and led to one door."""

from typing import Any

import pulumi
import pytest

from components.aws.certificate import (
    Certificate,
    CertificateArgs,
    CertificateError,
    MissingProofError,
    distinct_names,
    names_to_prove,
)
from components.aws.dns_record import DnsRecords, DnsRecordsArgs, DnsTarget
from settings.aws.dns import HostedZone
from tests.components.aws.sections import surroundings
from tests.support import aws_stand_ins
from tests.support.recorder import Recording, record

ZONE = HostedZone(id="Z0123456789ABC", name="example.com")
ARN = "arn:aws:acm:eu-central-1:123456789012:certificate/given"


def args(*names: str, **changes: Any) -> CertificateArgs:
    given: dict[str, Any] = {
        "surroundings": surroundings(),
        "part": "balancer",
        "names": names,
        "existing_arn": None,
        "zone": ZONE,
        **changes,
    }
    return CertificateArgs(**given)


def issued(*names: str, preview: bool = False, **changes: Any) -> Recording:
    def program() -> None:
        certificate = Certificate("certificate", args(*names, **changes))
        pulumi.export("arn", certificate.arn)

    return record(program, stack="prod", preview=preview)


def records(recording: Recording) -> list[Any]:
    return [each for each in recording if each.type.endswith("route53/record:Record")]


def test_a_certificate_that_is_there_is_used_and_nothing_is_made() -> None:
    recording = issued("erp.example.com", existing_arn=ARN)

    assert recording.exports.values["arn"] == ARN
    assert [each.type for each in recording if each.custom] == []


def test_one_that_is_issued_is_known_only_when_it_is_proved() -> None:
    """A listener refuses a certificate that waits for its proof."""
    recording = issued("erp.example.com")
    [validation] = recording.of_type("CertificateValidation")
    [made] = recording.of_type("certificate:Certificate")

    assert made.inputs["validationMethod"] == "DNS"
    assert recording.exports.values["arn"] == made.outputs["arn"]
    assert records(recording)[0].urn in validation.depends_on
    assert validation.inputs["validationRecordFqdns"] == [
        each.outputs["fqdn"] for each in records(recording)
    ]


def test_every_name_has_the_record_that_proves_it() -> None:
    """ACM lists them in an order of its own."""
    recording = issued("erp.example.com", "shop.example.com", "b2b.example.com")

    assert [each.inputs["type"] for each in records(recording)] == ["CNAME"] * 3
    for each in records(recording):
        assert each.inputs["name"].endswith(f".{each.name.rpartition('proof-')[2]}.")
        assert each.inputs["zoneId"] == ZONE.id
        # Another stack's certificate of the same name renews by it.
        assert each.retain_on_delete


def test_a_wildcard_and_its_apex_share_one_record() -> None:
    recording = issued("example.com", "*.example.com", "EXAMPLE.com")
    [made] = recording.of_type("certificate:Certificate")

    assert len(records(recording)) == 1
    assert made.inputs["domainName"] == "example.com"
    assert made.inputs["subjectAlternativeNames"] == ["*.example.com"]


def test_a_first_preview_shows_every_record() -> None:
    """What ACM will say is unknown then; how many resources there are must not be."""
    recording = issued("erp.example.com", "shop.example.com", preview=True)

    assert len(records(recording)) == 2


@pytest.mark.parametrize(
    ("names", "proved"),
    [
        (["a.example.com"], ["a.example.com"]),
        (["A.example.com", "a.example.com"], ["a.example.com"]),
        (["*.example.com", "example.com"], ["example.com"]),
        (["example.com", "*.example.com", "*.b.example.com"], ["example.com", "b.example.com"]),
    ],
)
def test_names_are_counted_as_acm_counts_them(names: list[str], proved: list[str]) -> None:
    assert names_to_prove(names) == proved
    assert distinct_names(names)[0] == names[0].lower()


def test_a_second_certificate_for_the_same_names_uses_the_records_of_the_first() -> None:
    """CloudFront's, in another region: two resources for one record would delete each other's."""

    def program() -> None:
        first = Certificate("first", args("erp.example.com"))
        second = Certificate("second", args("erp.example.com", part="cdn", proved_by=first))
        pulumi.export("arn", second.arn)

    recording = record(program, stack="prod")
    assert len(records(recording)) == 1
    validations = recording.of_type("CertificateValidation")
    assert len(validations) == 2
    assert len({tuple(each.inputs["validationRecordFqdns"]) for each in validations}) == 1


def test_a_second_certificate_proves_itself_where_the_first_was_there_already() -> None:
    def program() -> None:
        first = Certificate("first", args("erp.example.com", existing_arn=ARN))
        Certificate("second", args("erp.example.com", part="cdn", proved_by=first))

    recording = record(program, stack="prod")
    assert [each.name for each in records(recording)] == ["scipio-prod-cdn-proof-erp.example.com"]


def test_neither_certificate_nor_zone_is_said_before_anything_is_made() -> None:
    with pytest.raises(CertificateError, match=r"dns\.certificateArn and dns\.zone .* erp\."):
        args("erp.example.com", zone=None)


def test_a_proof_that_acm_does_not_give_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        aws_stand_ins._OUTPUTS,
        "aws:acm/certificate:Certificate",
        lambda _name, _inputs: {"arn": ARN, "domainValidationOptions": []},
    )
    with pytest.raises(MissingProofError, match=r"no record that proves erp\.example\.com"):
        issued("erp.example.com")


def led(*names: str, ipv6: bool, health: bool) -> Recording:
    def program() -> None:
        DnsRecords(
            "dns",
            DnsRecordsArgs(
                surroundings=surroundings(),
                zone_id=ZONE.id,
                names=names,
                target=DnsTarget(
                    dns_name="alb.example", zone_id="Z35SXDOTRQ7X7K", ipv6=ipv6, health=health
                ),
            ),
        )

    return record(program, stack="prod")


@pytest.mark.parametrize("health", [True, False])
def test_every_name_leads_to_the_target_by_an_alias(health: bool) -> None:
    recording = led("erp.example.com", "shop.example.com", ipv6=False, health=health)

    assert [each.inputs["name"] for each in records(recording)] == [
        "erp.example.com",
        "shop.example.com",
    ]
    for each in records(recording):
        assert each.inputs["type"] == "A"
        assert each.inputs["zoneId"] == ZONE.id
        assert each.inputs["aliases"] == [
            {"name": "alb.example", "zoneId": "Z35SXDOTRQ7X7K", "evaluateTargetHealth": health}
        ]
        assert "allowOverwrite" not in each.inputs
        assert each.delete_before_replace


def test_a_target_with_ipv6_has_a_record_for_it_too() -> None:
    recording = led("ERP.example.com", "erp.example.com", ipv6=True, health=False)

    assert {each.inputs["type"] for each in records(recording)} == {"A", "AAAA"}
    assert len(records(recording)) == 2
