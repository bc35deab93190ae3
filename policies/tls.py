"""Visitors and nodes speak TLS, in versions that are safe today."""

from policies import aws_types
from policies.places import at, expect, one_of, value_at
from policies.rule import Fault, Inputs, Rule, only

ACCEPTED = frozenset(
    {
        "ELBSecurityPolicy-TLS13-1-2-2021-06",
        "ELBSecurityPolicy-TLS13-1-2-PQ-2025-09",
        "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
        "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04",
        "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
        "ELBSecurityPolicy-TLS13-1-3-2021-06",
        "ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04",
        "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09",
    }
)
"""Without TLS 1.0 and 1.1 (application/describe-ssl-policies, 2025-09)."""

ACCEPTED_BY_CLOUDFRONT = frozenset({"TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"})
"""Of viewers (AmazonCloudFront, secure-connections-supported-viewer-protocols-ciphers)."""


@only(aws_types.LISTENER)
def _policy(inputs: Inputs) -> list[Fault]:
    if value_at(inputs, "protocol") not in ("HTTPS", "TLS"):
        return []
    change = f"Set scipio:balancer.tlsPolicy to one of {', '.join(sorted(ACCEPTED))}."
    return expect(inputs, "sslPolicy", one_of(*ACCEPTED), change)


@only(aws_types.LISTENER)
def _plain(inputs: Inputs) -> list[Fault]:
    """One without a protocol is HTTP unless it has a certificate."""
    if value_at(inputs, "protocol") not in ("HTTP", None):
        return []
    change = "A listener without TLS may only redirect to HTTPS."
    kinds = expect(inputs, "defaultActions[].type", one_of("redirect"), change)
    if kinds:
        return kinds
    return expect(inputs, "defaultActions[].redirect.protocol", one_of("HTTPS"), change)


@only(aws_types.DISTRIBUTION)
def _cloudfront(inputs: Inputs) -> list[Fault]:
    change = "CloudFront must lead visitors to HTTPS: redirect-to-https."
    faults = [
        fault
        for path in (
            "defaultCacheBehavior.viewerProtocolPolicy",
            "orderedCacheBehaviors[].viewerProtocolPolicy",
        )
        for fault in expect(inputs, path, one_of("redirect-to-https", "https-only"), change)
    ]
    return faults + expect(
        inputs,
        "viewerCertificate.minimumProtocolVersion",
        one_of(*ACCEPTED_BY_CLOUDFRONT),
        f"It must be one of {', '.join(sorted(ACCEPTED_BY_CLOUDFRONT))}.",
    )


@only(aws_types.PARAMETER_GROUP)
def _database(inputs: Inputs) -> list[Fault]:
    if not str(value_at(inputs, "family")).startswith("postgres"):
        return []
    forced = [
        str(value_at(parameter, "value"))
        for _, parameter in at(inputs, "parameters[]")
        if value_at(parameter, "name") == "rds.force_ssl"
    ]
    if forced == ["1"]:
        return []
    return [
        Fault(
            place="parameters: rds.force_ssl",
            seen=", ".join(forced) or "not set",
            change="It must be 1, or the database answers in clear.",
        )
    ]


RULES = (
    Rule(
        name="tls-policy-is-safe",
        promise="Visitors speak TLS 1.2 or 1.3 with ciphers that are safe today.",
        faults=_policy,
    ),
    Rule(
        name="plain-http-only-redirects",
        promise="A listener without TLS answers nothing but where HTTPS is.",
        faults=_plain,
    ),
    Rule(
        name="cloudfront-speaks-tls",
        promise="CloudFront leads visitors to HTTPS with a safe version of TLS.",
        faults=_cloudfront,
    ),
    Rule(
        name="database-demands-tls",
        promise="The database refuses connections without TLS.",
        faults=_database,
    ),
)
