"""What visitors meet: name, certificate, firewall, load balancer, and CloudFront where it is on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pulumi

from components.aws import providers
from components.aws.cdn import REGION as CDN_REGION
from components.aws.cdn import VISITOR_HEADER, Cdn, CdnArgs
from components.aws.certificate import Certificate, CertificateArgs
from components.aws.dns_record import DnsRecords, DnsRecordsArgs, DnsTarget
from components.aws.load_balancer import (
    CDN_HEADER,
    LoadBalancer,
    LoadBalancerArgs,
    WeightedTargetGroup,
)
from components.aws.release_alarms import release_alarms
from components.aws.surroundings import AwsSurroundings
from components.aws.waf import Waf, WafArgs
from components.generated.password import GeneratedPassword
from settings.aws.settings import AwsSettings
from settings.routing import routing_rules


@dataclass(frozen=True, kw_only=True)
class FrontDoorArgs:
    """`subnet_ids` are public ones, one a zone; `key_arn` is the stack's own key, or None."""

    surroundings: AwsSurroundings
    settings: AwsSettings
    vpc_id: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    target_groups: Sequence[WeightedTargetGroup]
    key_arn: pulumi.Input[str] | None


class _Edge(NamedTuple):
    """What CloudFront needs besides the load balancer, made before it."""

    secret: pulumi.Output[str]
    certificate: Certificate
    options: pulumi.ResourceOptions


class FrontDoor(pulumi.ComponentResource):
    """The cluster's name leads here, over HTTPS, past the firewall, to the target groups."""

    load_balancer: LoadBalancer
    certificate_arn: pulumi.Output[str]
    """The load balancer's."""
    distribution_id: pulumi.Output[str] | None
    """None: there is no CloudFront in front."""

    def __init__(
        self, name: str, args: FrontDoorArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:FrontDoor", name, None, opts)
        self._args = args
        self._children = pulumi.ResourceOptions(parent=self)
        settings = args.settings
        self._hosts = (settings.balancer.host, *settings.dns.alternative_names)
        self._routing = routing_rules(settings)
        certificate = self._certificate()
        edge = self._edge(certificate) if settings.cdn.enabled else None
        self.load_balancer = self._balancer(certificate, edge)
        if settings.waf.enabled:
            self._waf(behind_cdn=edge is not None)
        cdn = self._cdn(edge) if edge else None
        self._records(self._target(cdn))
        self.certificate_arn = certificate.arn
        self.distribution_id = cdn.distribution_id if cdn else None
        self.register_outputs({"certificateArn": self.certificate_arn})

    def _certificate(self) -> Certificate:
        dns = self._args.settings.dns
        return Certificate(
            "certificate",
            CertificateArgs(
                surroundings=self._args.surroundings,
                part="balancer",
                names=self._hosts,
                existing_arn=dns.certificate_arn,
                zone=dns.zone,
            ),
            self._children,
        )

    def _edge(self, balancers: Certificate) -> _Edge:
        """CloudFront's certificate lives in a region of its own, proved by the same records."""
        args = self._args
        provider = providers.provider(
            "edge", args.surroundings, args.settings.aws, region=CDN_REGION
        )
        options = providers.of_provider(provider, self)
        certificate = Certificate(
            "edge-certificate",
            CertificateArgs(
                surroundings=args.surroundings,
                part="edge",
                names=self._hosts,
                existing_arn=args.settings.cdn.certificate_arn,
                zone=args.settings.dns.zone,
                proved_by=balancers if args.settings.dns.certificate_arn is None else None,
            ),
            options,
        )
        secret = GeneratedPassword(args.surroundings.named("edge-secret"), opts=self._children)
        return _Edge(secret=secret.value, certificate=certificate, options=options)

    def _balancer(self, certificate: Certificate, edge: _Edge | None) -> LoadBalancer:
        args = self._args
        return LoadBalancer(
            "load-balancer",
            LoadBalancerArgs(
                surroundings=args.surroundings,
                balancer=args.settings.balancer,
                routing=self._routing,
                release_mode=args.settings.release.mode,
                hosts=self._hosts,
                vpc_id=args.vpc_id,
                subnet_ids=args.subnet_ids,
                certificate_arn=certificate.arn,
                target_groups=args.target_groups,
                alarms=release_alarms(args.settings, args.surroundings),
                watch_s=args.settings.release.watch_s,
                cdn_secret=edge.secret if edge and args.settings.cdn.required else None,
            ),
            self._children,
        )

    def _waf(self, *, behind_cdn: bool) -> None:
        args = self._args
        Waf(
            "waf",
            WafArgs(
                surroundings=args.surroundings,
                waf=args.settings.waf,
                routing=self._routing,
                load_balancer_arn=self.load_balancer.arn,
                visitor_header=VISITOR_HEADER if behind_cdn else None,
                log_retention_days=args.settings.monitoring.log_retention_days,
                key_arn=args.key_arn,
            ),
            self._children,
        )

    def _cdn(self, edge: _Edge) -> Cdn:
        args = self._args
        provider = edge.options.providers
        assert isinstance(provider, list)
        return Cdn(
            "cdn",
            CdnArgs(
                surroundings=args.surroundings,
                cdn=args.settings.cdn,
                hosts=self._hosts,
                certificate_arn=edge.certificate.arn,
                load_balancer_dns_name=self.load_balancer.dns_name,
                idle_timeout_s=args.settings.balancer.idle_timeout_s,
                secret_header=CDN_HEADER,
                secret=edge.secret,
                log_retention_days=self._log_days(),
                provider=provider[0],
            ),
            self._children,
        )

    def _log_days(self) -> int | None:
        balancer = self._args.settings.balancer
        return balancer.access_log_retention_days if balancer.access_logs else None

    def _target(self, cdn: Cdn | None) -> DnsTarget:
        if cdn is not None:
            return DnsTarget(dns_name=cdn.dns_name, zone_id=cdn.zone_id, ipv6=True, health=False)
        balancer = self.load_balancer
        return DnsTarget(
            dns_name=balancer.dns_name, zone_id=balancer.zone_id, ipv6=False, health=True
        )

    def _records(self, target: DnsTarget) -> None:
        zone = self._args.settings.dns.zone
        if zone is None:
            return
        DnsRecords(
            "records",
            DnsRecordsArgs(
                surroundings=self._args.surroundings,
                zone_id=zone.id,
                names=self._hosts,
                target=target,
            ),
            self._children,
        )
