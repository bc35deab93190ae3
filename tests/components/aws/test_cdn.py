"""CloudFront: static files kept, everything else untouched, and the load balancer sure of it."""

from typing import Any

import pulumi
import pulumi_aws
import pytest

from components.aws.cdn import CACHING_DISABLED, VISITOR_HEADER, Cdn, CdnArgs
from components.aws.load_balancer import CDN_HEADER
from settings.aws import cdn as models
from tests.components.aws.sections import recorded, section, surroundings
from tests.support.aws_stand_ins import id_of
from tests.support.recorder import Inputs, Recording

CERTIFICATE_ARN = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d"
BALANCER = "scipio-prod-alb.eu-central-1.elb.amazonaws.com"
SECRET = "Tw0-Hundred_Bits"


def cdn(
    *,
    protect: bool = True,
    hosts: tuple[str, ...] = ("erp.example.com",),
    log_retention_days: int | None = 30,
    idle_timeout_s: int = 60,
    **changes: Any,
) -> Recording:
    def make() -> Cdn:
        provider = pulumi_aws.Provider("us-east-1", region="us-east-1")
        args = CdnArgs(
            surroundings=surroundings(protect=protect),
            cdn=section(models.Cdn, "cdn", enabled=True, **changes),
            hosts=hosts,
            certificate_arn=CERTIFICATE_ARN,
            load_balancer_dns_name=BALANCER,
            idle_timeout_s=idle_timeout_s,
            secret_header=CDN_HEADER,
            secret=pulumi.Output.secret(SECRET),
            log_retention_days=log_retention_days,
            provider=provider,
        )
        assert SECRET not in repr(args)
        return Cdn("cdn", args)

    return recorded(make)


@pytest.fixture(scope="module")
def prod() -> Recording:
    return cdn()


def distribution(recording: Recording) -> Inputs:
    [made] = recording.of_type("Distribution")
    return made.inputs


def test_the_load_balancer_is_asked_by_https_with_a_secret(prod: Recording) -> None:
    [made] = prod.of_type("Distribution")
    [origin] = made.inputs["origins"]
    [header] = origin["customHeaders"]

    assert origin["domainName"] == BALANCER
    assert origin["customOriginConfig"]["originProtocolPolicy"] == "https-only"
    assert origin["customOriginConfig"]["originSslProtocols"] == ["TLSv1.2"]
    assert header == {"name": CDN_HEADER, "value": SECRET}
    assert made.is_secret("origins", 0, "customHeaders", 0, "value")


@pytest.mark.parametrize(("idle_s", "kept_s"), [(300, 60), (65, 60), (60, 55), (3, 1)])
def test_a_connection_is_let_go_before_the_load_balancer_ends_it(idle_s: int, kept_s: int) -> None:
    [origin] = distribution(cdn(idle_timeout_s=idle_s, origin_timeout_s=90))["origins"]

    assert origin["customOriginConfig"]["originKeepaliveTimeout"] == kept_s
    assert origin["customOriginConfig"]["originReadTimeout"] == 90


def test_pages_pass_untouched(prod: Recording) -> None:
    """Every method, every header and cookie, and nothing is kept."""
    pages = distribution(prod)["defaultCacheBehavior"]

    assert pages["cachePolicyId"] == CACHING_DISABLED
    assert pages["originRequestPolicyId"] == "216adef6-5c7f-47e4-b989-5492eafa07d3"
    assert {"POST", "PUT", "DELETE", "PATCH"} <= set(pages["allowedMethods"])
    assert pages["viewerProtocolPolicy"] == "redirect-to-https"


def test_each_static_path_is_kept_and_only_read() -> None:
    recording = cdn(static_paths=["/images", "/themes/"])
    behaviours = distribution(recording)["orderedCacheBehaviors"]

    assert [each["pathPattern"] for each in behaviours] == ["/images/*", "/themes/*"]
    for each in behaviours:
        assert each["allowedMethods"] == ["GET", "HEAD"]
        for key, kind in (
            ("cachePolicyId", "cachePolicy:CachePolicy"),
            ("originRequestPolicyId", "originRequestPolicy:OriginRequestPolicy"),
            ("responseHeadersPolicyId", "responseHeadersPolicy:ResponseHeadersPolicy"),
        ):
            assert each[key] == id_of(f"aws:cloudfront/{kind}", "scipio-prod-static")


def test_one_copy_serves_every_visitor_and_no_cookie_travels() -> None:
    """The load balancer's cookie in a kept answer would take visitors off their nodes."""
    recording = cdn(max_age_s=77)
    [cache] = recording.of_type("CachePolicy")
    [request] = recording.of_type("OriginRequestPolicy")
    [response] = recording.of_type("ResponseHeadersPolicy")
    key = cache.inputs["parametersInCacheKeyAndForwardedToOrigin"]

    assert cache.inputs["defaultTtl"] == 77
    assert cache.inputs["minTtl"] == 0
    assert key["cookiesConfig"] == {"cookieBehavior": "none"}
    assert key["headersConfig"] == {"headerBehavior": "none"}
    assert key["queryStringsConfig"] == {"queryStringBehavior": "all"}
    assert request.inputs["cookiesConfig"] == {"cookieBehavior": "none"}
    assert request.inputs["headersConfig"]["headers"]["items"] == ["Host", VISITOR_HEADER]
    assert response.inputs["removeHeadersConfig"]["items"] == [{"header": "Set-Cookie"}]


def test_the_visitors_address_is_written_over_what_the_visitor_wrote(prod: Recording) -> None:
    [function] = prod.of_type("Function")
    behaviours = [
        distribution(prod)["defaultCacheBehavior"],
        *distribution(prod)["orderedCacheBehaviors"],
    ]

    assert "headers['x-scipio-visitor'] = {value: event.viewer.ip}" in function.inputs["code"]
    assert function.inputs["publish"] is True
    for each in behaviours:
        [association] = each["functionAssociations"]
        assert association == {
            "eventType": "viewer-request",
            "functionArn": function.outputs["arn"],
        }


def test_visitors_use_current_tls_and_the_stacks_names() -> None:
    recording = cdn(hosts=("ERP.example.com", "shop.example.com", "erp.example.com"))
    inputs = distribution(recording)

    assert inputs["aliases"] == ["erp.example.com", "shop.example.com"]
    assert inputs["viewerCertificate"] == {
        "acmCertificateArn": CERTIFICATE_ARN,
        "minimumProtocolVersion": "TLSv1.2_2021",
        "sslSupportMethod": "sni-only",
    }


@pytest.mark.parametrize("price_class", ["PriceClass_100", "PriceClass_All"])
def test_the_price_class_is_the_settings(price_class: str) -> None:
    assert distribution(cdn(price_class=price_class))["priceClass"] == price_class


@pytest.mark.parametrize("protect", [True, False])
def test_it_is_protected_with_the_stack(protect: bool) -> None:
    [made] = cdn(protect=protect).of_type("Distribution")

    assert made.protect is protect


def test_requests_are_logged_from_cloudfronts_region_to_the_stacks(prod: Recording) -> None:
    [source] = prod.of_type("LogDeliverySource")
    [destination] = prod.of_type("LogDeliveryDestination")
    [delivery] = prod.of_type("logDelivery:LogDelivery")
    [bucket] = prod.of_type("bucket:Bucket")

    assert source.inputs["resourceArn"] == prod.of_type("Distribution")[0].outputs["arn"]
    assert source.inputs["logType"] == "ACCESS_LOGS"
    assert delivery.inputs["deliveryDestinationArn"] == destination.outputs["arn"]
    for each in (source, destination, delivery):
        assert "us-east-1" in each.provider
    assert bucket.provider == ""


def test_logs_are_kept_for_their_time_or_not_at_all() -> None:
    [rules] = cdn(log_retention_days=11).of_type("BucketLifecycleConfiguration")
    assert rules.inputs["rules"][0]["expiration"] == {"days": 11}

    silent = cdn(log_retention_days=None)
    assert not [each for each in silent if ":s3/" in each.type or "LogDelivery" in each.type]
