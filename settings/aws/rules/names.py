"""Rules of names, certificates and accounts."""

from collections.abc import Iterator

from contract.faults import Fault, Location
from settings.aws.rules.rule import Rule
from settings.aws.settings import AwsSettings

CDN_REGION = "us-east-1"
"""Where CloudFront looks for certificates, whatever the region of the stack
(AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements)."""

COMMON_NAME_LENGTH = 64
"""Of a certificate's first name (acm/latest/userguide/acm-certificate-characteristics)."""
LABEL_LENGTH = 63
"""RFC 1035, 2.3.4."""

OWN_TAGS = ("Cluster", "CostCentre", "Name")
"""Tags that the program writes itself."""

_CERTIFICATE: Location = ("dns", "certificateArn")
_CDN_CERTIFICATE: Location = ("cdn", "certificateArn")


def host_is_a_domain(settings: AwsSettings) -> list[Fault]:
    """`balancer.host` is a domain name: a certificate cannot be had for an address."""
    host = settings.balancer.host
    last = host.rpartition(".")[2]
    if "." in host and not last.isdigit():
        return []
    return [
        Fault(
            place=("balancer", "host"),
            problem=f'"{host}" is no domain name, and a certificate needs one',
            hint="Write it in full, as erp.example.com.",
        )
    ]


def names_suit_a_certificate(settings: AwsSettings) -> list[Fault]:
    """Where a certificate is issued, `balancer.host` has 64 characters at most, its parts 63."""
    if not _issues_a_certificate(settings):
        return []
    host: tuple[Location, str] = (("balancer", "host"), settings.balancer.host)
    faults = []
    if len(host[1]) > COMMON_NAME_LENGTH:
        faults.append(
            Fault(
                place=host[0],
                others=(_CERTIFICATE,),
                problem=f"has {len(host[1])} characters, and ACM issues no certificate whose first "
                f"name has more than {COMMON_NAME_LENGTH}",
                hint="Take a shorter name, or set dns.certificateArn to a certificate that has it.",
            )
        )
    for place, name in (host, *_alternative_names(settings)):
        longest = max(name.split("."), key=len)
        if len(longest) > LABEL_LENGTH:
            faults.append(
                Fault(
                    place=place,
                    problem=f'"{longest}" has {len(longest)} characters, and DNS knows no part of '
                    f"a name with more than {LABEL_LENGTH}",
                    hint="Shorten that part.",
                )
            )
    return faults


def certificate_is_given_or_issued(settings: AwsSettings) -> list[Fault]:
    """There is a certificate, or a hosted zone in which one is proved."""
    dns = settings.dns
    if dns.zone is not None or dns.certificate_arn is not None:
        return []
    return [
        Fault(
            place=_CERTIFICATE,
            others=(("dns", "zone"),),
            problem="there is neither a certificate nor a hosted zone to prove one in",
            hint="Set dns.zone (id and name) to have one issued, or dns.certificateArn to one "
            "that is there.",
        )
    ]


def cdn_certificate_is_given_or_issued(settings: AwsSettings) -> list[Fault]:
    """With `cdn.enabled`, the same holds for CloudFront's certificate."""
    cdn = settings.cdn
    if not cdn.enabled or cdn.certificate_arn is not None or settings.dns.zone is not None:
        return []
    return [
        Fault(
            place=_CDN_CERTIFICATE,
            others=(("cdn", "enabled"), ("dns", "zone")),
            problem="CloudFront has neither a certificate nor a hosted zone to prove one in",
            hint=f"Set cdn.certificateArn to one in {CDN_REGION}, or dns.zone to have one issued.",
        )
    ]


def certificates_are_where_they_are_used(settings: AwsSettings) -> list[Fault]:
    """`dns.certificateArn` is of `aws.region`, `cdn.certificateArn` of us-east-1."""
    region = settings.aws.region
    faults = []
    if (arn := settings.dns.certificate_arn) and _region(arn) != region:
        faults.append(
            Fault(
                place=_CERTIFICATE,
                others=(("aws", "region"),),
                problem=f"the certificate is in {_region(arn)}, and the load balancer in {region}",
                hint=f"Issue one in {region}, or set null to have it issued.",
            )
        )
    if (arn := settings.cdn.certificate_arn) and _region(arn) != CDN_REGION:
        faults.append(
            Fault(
                place=_CDN_CERTIFICATE,
                problem=f"the certificate is in {_region(arn)}, and CloudFront takes none but from "
                f"{CDN_REGION}",
                hint=f"Issue one in {CDN_REGION}, or set null to have it issued.",
            )
        )
    return faults


def arns_are_of_allowed_accounts(settings: AwsSettings) -> list[Fault]:
    """Certificates and alarm topic are in one of `aws.allowedAccountIds`."""
    allowed = settings.aws.allowed_account_ids
    return [
        Fault(
            place=place,
            others=(("aws", "allowedAccountIds"),),
            problem=f"is in the account {_account(arn)}, and this stack may touch "
            f"{', '.join(allowed)} only",
            hint="Add the account to aws.allowedAccountIds, or name one of your own.",
        )
        for place, arn in _arns(settings)
        if _account(arn) not in allowed
    ]


def alarm_topic_is_of_the_region(settings: AwsSettings) -> list[Fault]:
    """`monitoring.alarmTopicArn` is of `aws.region`: alarms reach no other."""
    arn, region = settings.monitoring.alarm_topic_arn, settings.aws.region
    if arn is None or _region(arn) == region:
        return []
    return [
        Fault(
            place=("monitoring", "alarmTopicArn"),
            others=(("aws", "region"),),
            problem=f"the topic is in {_region(arn)}, and alarms of {region} do not reach it",
            hint=f"Name a topic in {region}, or set null to have one made.",
        )
    ]


def names_are_in_the_zone(settings: AwsSettings) -> list[Fault]:
    """`balancer.host` and `dns.alternativeNames` lie in `dns.zone`, where records are made."""
    zone = settings.dns.zone
    if zone is None:
        return []
    host: tuple[Location, str] = (("balancer", "host"), settings.balancer.host)
    return [
        Fault(
            place=place,
            others=(("dns", "zone"),),
            problem=f"{name} is not in the zone {zone.name}",
            hint=f"Names in it end in .{zone.name}.",
        )
        for place, name in (host, *_alternative_names(settings))
        if not f".{name}".casefold().endswith(f".{zone.name}".casefold())
    ]


def tags_are_free(settings: AwsSettings) -> list[Fault]:
    """`aws.tags` has no key that the program or AWS writes itself, and 40 at most."""
    tags = settings.aws.tags
    faults = [
        Fault(
            place=("aws", "tags", key),
            problem=f'"{key}" is written by {"AWS" if _is_amazons(key) else "the program"} itself',
            hint="Use aws.costCentre." if key == "CostCentre" else "Take another key.",
        )
        for key in tags
        if key in OWN_TAGS or _is_amazons(key)
    ]
    if len(tags) > 40:
        faults.append(
            Fault(
                place=("aws", "tags"),
                problem=f"has {len(tags)} tags, and AWS takes 50 of which the program needs some",
                hint="Keep 40.",
            )
        )
    return faults


def _is_amazons(key: str) -> bool:
    return key.casefold().startswith("aws:")


def _issues_a_certificate(settings: AwsSettings) -> bool:
    cdn = settings.cdn
    return settings.dns.certificate_arn is None or (cdn.enabled and cdn.certificate_arn is None)


def _alternative_names(settings: AwsSettings) -> Iterator[tuple[Location, str]]:
    for index, name in enumerate(settings.dns.alternative_names):
        yield ("dns", "alternativeNames", index), name


def _arns(settings: AwsSettings) -> Iterator[tuple[Location, str]]:
    places: tuple[tuple[Location, str | None], ...] = (
        (_CERTIFICATE, settings.dns.certificate_arn),
        (_CDN_CERTIFICATE, settings.cdn.certificate_arn),
        (("monitoring", "alarmTopicArn"), settings.monitoring.alarm_topic_arn),
    )
    for place, arn in places:
        if arn is not None:
            yield place, arn


def _region(arn: str) -> str:
    return arn.split(":")[3]


def _account(arn: str) -> str:
    return arn.split(":")[4]


RULES: tuple[Rule, ...] = (
    host_is_a_domain,
    names_are_in_the_zone,
    names_suit_a_certificate,
    certificate_is_given_or_issued,
    cdn_certificate_is_given_or_issued,
    certificates_are_where_they_are_used,
    alarm_topic_is_of_the_region,
    arns_are_of_allowed_accounts,
    tags_are_free,
)
