"""CloudFront in front of the load balancer: static files from near the visitor."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import pulumi
from pulumi_aws import cloudfront

from components.aws.cdn_logs import CdnLogs, CdnLogsArgs
from components.aws.surroundings import AwsSurroundings
from settings.aws import cdn as models

REGION: Final = "us-east-1"
"""Where CloudFront's certificate and log deliveries live, whatever the region of the stack."""

VISITOR_HEADER: Final = "X-Scipio-Visitor"
"""Where the load balancer and its firewall find the visitor's own address."""

CACHING_DISABLED: Final = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_VIEWER: Final = "216adef6-5c7f-47e4-b989-5492eafa07d3"
"""Policies that Amazon maintains, in every account by the same id
(AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies)."""

VIEWER_TLS: Final = "TLSv1.2_2021"
"""Nothing below TLS 1.2, and of its ciphers those with forward secrecy."""

_ORIGIN: Final = "load-balancer"
_KEEP_ALIVE_MAX_S: Final = 60
"""The longest for which CloudFront keeps an unused connection in every account."""
_KEEP_ALIVE_MARGIN_S: Final = 5

_READ: Final = ("GET", "HEAD")
_EVERY_METHOD: Final = ("GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE")
_CACHE_MAX_S: Final = 31_536_000

_NOTE_THE_VISITOR: Final = f"""\
function handler(event) {{
    var request = event.request;
    request.headers['{VISITOR_HEADER.lower()}'] = {{value: event.viewer.ip}};
    return request;
}}
"""


@dataclass(frozen=True, kw_only=True)
class CdnArgs:
    """`hosts` are the names that visitors type; `certificate_arn` is one for them in `REGION`.

    `secret_header` and `secret` are what the load balancer demands of who comes from here.
    `idle_timeout_s` is after how long the load balancer ends a silent connection.
    `log_retention_days` is how long every request is logged; None logs none. `provider` is one of
    `REGION`, where log deliveries are made.
    """

    surroundings: AwsSurroundings
    cdn: models.Cdn
    hosts: Sequence[str]
    certificate_arn: pulumi.Input[str]
    load_balancer_dns_name: pulumi.Input[str]
    idle_timeout_s: int
    secret_header: str
    secret: pulumi.Input[str] = field(repr=False)
    log_retention_days: int | None
    provider: pulumi.ProviderResource


class Cdn(pulumi.ComponentResource):
    """A distribution that keeps `cdn.static_paths` and passes on everything else untouched.

    It proves itself to the load balancer by a secret header. The other ways were weighed: its
    addresses alone would let in everybody else's distribution too, and a private load balancer
    (VPC origin) would be replaced each time the distribution is turned on or off.

    Static files are asked for without cookies, and what they come with of `Set-Cookie` is taken
    off: the load balancer's own cookie, kept and handed to the next visitor, would take that
    visitor off its node and so out of its session.
    """

    arn: pulumi.Output[str]
    distribution_id: pulumi.Output[str]
    """To make it forget files: `aws cloudfront create-invalidation`."""
    dns_name: pulumi.Output[str]
    zone_id: pulumi.Output[str]
    """The zone of `dns_name`, for alias records."""

    def __init__(
        self, name: str, args: CdnArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:Cdn", name, None, opts)
        self._args = args
        self._children = pulumi.ResourceOptions(parent=self)
        self._noting = self._noting_function()
        distribution = self._distribution()
        self._log(distribution)
        self.arn = distribution.arn
        self.distribution_id = distribution.id
        self.dns_name = distribution.domain_name
        self.zone_id = distribution.hosted_zone_id
        self.register_outputs({"dnsName": self.dns_name})

    def _distribution(self) -> "cloudfront.Distribution":
        args = self._args
        protect = args.surroundings.protect
        return cloudfront.Distribution(
            args.surroundings.named("cdn"),
            enabled=True,
            comment=f"Visitors of {args.surroundings.cluster}",
            aliases=list(dict.fromkeys(host.lower() for host in args.hosts)),
            http_version="http2and3",
            is_ipv6_enabled=True,
            price_class=args.cdn.price_class,
            origins=[self._origin()],
            default_cache_behavior=self._untouched(),
            ordered_cache_behaviors=self._static(),
            restrictions=cloudfront.DistributionRestrictionsArgs(
                geo_restriction=cloudfront.DistributionRestrictionsGeoRestrictionArgs(
                    restriction_type="none"
                )
            ),
            viewer_certificate=cloudfront.DistributionViewerCertificateArgs(
                acm_certificate_arn=args.certificate_arn,
                minimum_protocol_version=VIEWER_TLS,
                ssl_support_method="sni-only",
            ),
            tags={"Name": args.surroundings.named("cdn")},
            opts=pulumi.ResourceOptions(parent=self, protect=protect),
        )

    def _origin(self) -> "cloudfront.DistributionOriginArgs":
        """The load balancer by its own name; its certificate is held against the Host header."""
        args = self._args
        return cloudfront.DistributionOriginArgs(
            origin_id=_ORIGIN,
            domain_name=args.load_balancer_dns_name,
            custom_headers=[
                cloudfront.DistributionOriginCustomHeaderArgs(
                    name=args.secret_header, value=pulumi.Output.secret(args.secret)
                )
            ],
            custom_origin_config=cloudfront.DistributionOriginCustomOriginConfigArgs(
                http_port=80,
                https_port=443,
                origin_protocol_policy="https-only",
                origin_ssl_protocols=["TLSv1.2"],
                origin_read_timeout=args.cdn.origin_timeout_s,
                origin_keepalive_timeout=keep_alive_s(args.idle_timeout_s),
            ),
        )

    def _untouched(self) -> "cloudfront.DistributionDefaultCacheBehaviorArgs":
        return cloudfront.DistributionDefaultCacheBehaviorArgs(
            target_origin_id=_ORIGIN,
            viewer_protocol_policy="redirect-to-https",
            allowed_methods=_EVERY_METHOD,
            cached_methods=_READ,
            cache_policy_id=CACHING_DISABLED,
            origin_request_policy_id=ALL_VIEWER,
            compress=True,
            function_associations=[
                cloudfront.DistributionDefaultCacheBehaviorFunctionAssociationArgs(
                    event_type="viewer-request", function_arn=self._noting.arn
                )
            ],
        )

    def _static(self) -> "list[cloudfront.DistributionOrderedCacheBehaviorArgs]":
        cache = self._cache_policy()
        request = self._origin_request_policy()
        response = self._response_policy()
        return [
            cloudfront.DistributionOrderedCacheBehaviorArgs(
                path_pattern=f"{path.rstrip('/')}/*",
                target_origin_id=_ORIGIN,
                viewer_protocol_policy="redirect-to-https",
                allowed_methods=_READ,
                cached_methods=_READ,
                cache_policy_id=cache.id,
                origin_request_policy_id=request.id,
                response_headers_policy_id=response.id,
                compress=True,
                function_associations=[
                    cloudfront.DistributionOrderedCacheBehaviorFunctionAssociationArgs(
                        event_type="viewer-request", function_arn=self._noting.arn
                    )
                ],
            )
            for path in dict.fromkeys(self._args.cdn.static_paths)
        ]

    def _noting_function(self) -> "cloudfront.Function":
        """Writes the visitor's address over whatever the visitor wrote there."""
        return cloudfront.Function(
            self._args.surroundings.named("visitor"),
            runtime="cloudfront-js-2.0",
            comment="The address of the visitor, for the firewall",
            code=_NOTE_THE_VISITOR,
            publish=True,
            opts=self._children,
        )

    def _cache_policy(self) -> "cloudfront.CachePolicy":
        """One copy for all visitors: only the path and its query tell files apart."""
        args = self._args
        none = "none"
        return cloudfront.CachePolicy(
            args.surroundings.named("static"),
            comment=f"Static files of {args.surroundings.cluster}",
            min_ttl=0,
            default_ttl=args.cdn.max_age_s,
            max_ttl=_CACHE_MAX_S,
            parameters_in_cache_key_and_forwarded_to_origin=cloudfront.CachePolicyParametersInCacheKeyAndForwardedToOriginArgs(
                cookies_config=cloudfront.CachePolicyParametersInCacheKeyAndForwardedToOriginCookiesConfigArgs(
                    cookie_behavior=none
                ),
                headers_config=cloudfront.CachePolicyParametersInCacheKeyAndForwardedToOriginHeadersConfigArgs(
                    header_behavior=none
                ),
                query_strings_config=cloudfront.CachePolicyParametersInCacheKeyAndForwardedToOriginQueryStringsConfigArgs(
                    query_string_behavior="all"
                ),
                enable_accept_encoding_brotli=True,
                enable_accept_encoding_gzip=True,
            ),
            opts=self._children,
        )

    def _origin_request_policy(self) -> "cloudfront.OriginRequestPolicy":
        """The name that was asked for, by which the load balancer answers, and who asked."""
        args = self._args
        return cloudfront.OriginRequestPolicy(
            args.surroundings.named("static"),
            comment=f"Static files of {args.surroundings.cluster}",
            cookies_config=cloudfront.OriginRequestPolicyCookiesConfigArgs(cookie_behavior="none"),
            headers_config=cloudfront.OriginRequestPolicyHeadersConfigArgs(
                header_behavior="whitelist",
                headers=cloudfront.OriginRequestPolicyHeadersConfigHeadersArgs(
                    items=["Host", VISITOR_HEADER]
                ),
            ),
            query_strings_config=cloudfront.OriginRequestPolicyQueryStringsConfigArgs(
                query_string_behavior="none"
            ),
            opts=self._children,
        )

    def _response_policy(self) -> "cloudfront.ResponseHeadersPolicy":
        args = self._args
        return cloudfront.ResponseHeadersPolicy(
            args.surroundings.named("static"),
            comment=f"Static files of {args.surroundings.cluster}",
            remove_headers_config=cloudfront.ResponseHeadersPolicyRemoveHeadersConfigArgs(
                items=[
                    cloudfront.ResponseHeadersPolicyRemoveHeadersConfigItemArgs(header="Set-Cookie")
                ]
            ),
            opts=self._children,
        )

    def _log(self, distribution: "cloudfront.Distribution") -> None:
        args = self._args
        if args.log_retention_days is None:
            return
        CdnLogs(
            "cdn-logs",
            CdnLogsArgs(
                surroundings=args.surroundings,
                distribution_arn=distribution.arn,
                retention_days=args.log_retention_days,
                region=REGION,
                provider=args.provider,
            ),
            self._children,
        )


def keep_alive_s(idle_timeout_s: int) -> int:
    """How long an unused connection is kept: let go before the load balancer ends it, which would
    cost the visitor whose request is just on its way.
    """
    return max(1, min(_KEEP_ALIVE_MAX_S, idle_timeout_s - _KEEP_ALIVE_MARGIN_S))
