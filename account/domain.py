"""Whether visitors can get to the cluster by its name: certificate, hosted zone, records."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from account.errors import MissingError
from account.finding import Finding, fits, lacks, mind
from account.session import Aws
from settings.aws.settings import AwsSettings

SOON: Final = timedelta(days=30)

_CDN_REGION: Final = "us-east-1"
"""CloudFront takes certificates of this region alone."""


def certificate_findings(aws: Aws, settings: AwsSettings, now: datetime) -> Iterator[Finding]:
    """Each certificate that the stack names; one that it has issued needs the zone alone."""
    named = {aws.region: settings.dns.certificate_arn}
    if settings.cdn.enabled:
        named |= {_CDN_REGION: settings.cdn.certificate_arn or named.get(_CDN_REGION)}
    for region, arn in named.items():
        if arn is not None:
            yield _certificate(aws, arn, region, settings.balancer.host, now)


def zone_findings(aws: Aws, settings: AwsSettings, cluster: str) -> Iterator[Finding]:
    """The hosted zone, and whether the host's name is free in it."""
    zone = settings.dns.zone
    if zone is None:
        yield fits("Hosted zone", "none: records are made by hand")
        return
    subject = f"Hosted zone {zone.name}"
    try:
        found: Mapping[str, Any] = aws.ask("route53", "get_hosted_zone", Id=zone.id)["HostedZone"]
    except MissingError:
        yield lacks(subject, f"this account has no zone {zone.id}", "Write yours to dns.zone.id.")
        return
    name = str(found["Name"]).rstrip(".")
    if name != zone.name:
        yield lacks(subject, f"{zone.id} is the zone of {name}", "Write its name to dns.zone.name.")
        return
    if found.get("Config", {}).get("PrivateZone"):
        yield lacks(
            subject,
            f"{zone.id} is private: ACM cannot see a proof in it",
            "Name the public zone of the domain in dns.zone.id.",
        )
        return
    yield fits(subject, f"{found.get('ResourceRecordSetCount', 0)} records")
    yield _record(aws, zone.id, settings.balancer.host, cluster)


def _certificate(aws: Aws, arn: str, region: str, host: str, now: datetime) -> Finding:
    subject = f"Certificate in {region}"
    try:
        found = aws.ask("acm", "describe_certificate", CertificateArn=arn, in_region=region)
    except MissingError:
        return lacks(subject, f"there is no {arn}", "Name one of this account and region.")
    certificate = found["Certificate"]
    names = {str(certificate["DomainName"]), *certificate.get("SubjectAlternativeNames", ())}
    if certificate.get("Status") != "ISSUED":
        status = str(certificate.get("Status"))
        return lacks(subject, f"its status is {status}", "Prove or import it, or name another.")
    if not any(covers(each, host) for each in names):
        seen = f"it is for {', '.join(sorted(names))}"
        return lacks(subject, seen, f"Name one that holds {host}.")
    ends = certificate.get("NotAfter")
    if ends is None:
        return fits(subject, f"issued, for {host}")
    if ends.astimezone(UTC) - now < SOON:
        seen = f"it ends on {ends:%Y-%m-%d}"
        return mind(subject, seen, "Renew it: imported certificates do not renew themselves.")
    return fits(subject, f"issued, until {ends:%Y-%m-%d}")


def covers(name: str, host: str) -> bool:
    """Whether a certificate for `name` is one for `host`: `*` stands for one label."""
    if name.startswith("*."):
        return host.partition(".")[2].lower() == name[2:].lower()
    return name.lower() == host.lower()


def _record(aws: Aws, zone_id: str, host: str, cluster: str) -> Finding:
    """A record of the name that no update of this cluster can have made would be in its way."""
    subject = f"Name {host}"
    sets = aws.ask(
        "route53",
        "list_resource_record_sets",
        HostedZoneId=zone_id,
        StartRecordName=host,
        MaxItems="10",
    )["ResourceRecordSets"]
    taken = [
        each
        for each in sets
        if str(each["Name"]).rstrip(".") == host and each["Type"] in {"A", "AAAA", "CNAME"}
    ]
    if not taken:
        return fits(subject, "free")
    targets = [
        str(each.get("AliasTarget", {}).get("DNSName", "")) or str(each.get("ResourceRecords"))
        for each in taken
    ]
    if all(cluster in each for each in targets):
        return fits(subject, "leads to this cluster's load balancer")
    kinds = ", ".join(each["Type"] for each in taken)
    return mind(
        subject,
        f"has {kinds}, which lead to {targets[0]}",
        "A first update fails at a record that is there: delete it then, or give this cluster "
        "another balancer.host. Behind CloudFront this is the cluster's own.",
    )
