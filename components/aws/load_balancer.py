"""The one door for visitors: an Application Load Balancer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import pulumi
from pulumi_aws import ec2, lb, vpc

from components.aws.access_logs import PREFIX, AccessLogs, AccessLogsArgs
from components.aws.listener_rules import ListenerRule, listener_rules
from components.aws.surroundings import AwsSurroundings
from components.aws.visitor_shares import VisitorShares, VisitorSharesArgs
from contract.routing import RoutingRules
from settings.aws import load_balancer as models
from settings.release import ColourName

HTTP_PORT = 80
HTTPS_PORT = 443

CDN_HEADER = "X-Scipio-Cdn"
"""CloudFront sends it with a secret value that visitors do not know."""


@dataclass(frozen=True, kw_only=True)
class WeightedTargetGroup:
    """A group of servers; of visitors without a cookie it gets its share of all weights."""

    colour: ColourName
    arn: pulumi.Input[str]
    weight: int


@dataclass(frozen=True, kw_only=True)
class LoadBalancerArgs:
    """`subnet_ids` are public ones, one a zone. `hosts` are the names that are answered.

    `target_groups` are one group, or both colours in `bluegreen`: there a visitor stays with the
    colour of its last visit for `balancer.stickiness_s`, whatever the weights become.
    `alarms` are beginnings of names: one that rings within `watch_s` after visitors were moved
    moves them back.
    `cdn_secret` is what CloudFront sends in `CDN_HEADER`: with it, nothing is forwarded that did
    not come through CloudFront. None: visitors come themselves.
    """

    surroundings: AwsSurroundings
    balancer: models.LoadBalancer
    routing: RoutingRules
    release_mode: Literal["rolling", "bluegreen"]
    hosts: Sequence[str]
    vpc_id: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    certificate_arn: pulumi.Input[str]
    target_groups: Sequence[WeightedTargetGroup]
    alarms: Sequence[str]
    watch_s: int
    cdn_secret: pulumi.Input[str] | None = field(default=None, repr=False)


class LoadBalancer(pulumi.ComponentResource):
    """HTTPS for `hosts` at 443 with the routing rules, and at 80 the way there.

    Whoever asks for another name is answered 404, so that scanners of addresses see no ERP. What
    it may reach is said by others: they let `security_group_id` into their groups.
    """

    arn: pulumi.Output[str]
    arn_suffix: pulumi.Output[str]
    """The dimension `LoadBalancer` of its figures."""
    dns_name: pulumi.Output[str]
    zone_id: pulumi.Output[str]
    """The zone of `dns_name`, for alias records."""
    security_group_id: pulumi.Output[str]
    https_listener: "lb.Listener"
    """Target groups take part only after it: scaling by requests waits for it."""
    access_log_bucket_name: pulumi.Output[str] | None

    def __init__(
        self, name: str, args: LoadBalancerArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:LoadBalancer", name, None, opts)
        self._args = args
        self._children = pulumi.ResourceOptions(parent=self)
        self.access_log_bucket_name = self._access_logs()
        group = self._security_group()
        balancer = self._balancer(group)
        self._lead_to_https(balancer)
        self.https_listener = self._https(balancer)
        self._shares = self._visitor_shares() if args.release_mode == "bluegreen" else None
        for rule in listener_rules(args.routing, args.hosts, from_cdn=args.cdn_secret is not None):
            self._rule(rule)
        self.arn = balancer.arn
        self.arn_suffix = balancer.arn_suffix
        self.dns_name = balancer.dns_name
        self.zone_id = balancer.zone_id
        self.security_group_id = group.id
        self.register_outputs({"arn": self.arn, "dnsName": self.dns_name})

    def _access_logs(self) -> pulumi.Output[str] | None:
        balancer = self._args.balancer
        if not balancer.access_logs:
            return None
        return AccessLogs(
            "access-logs",
            AccessLogsArgs(
                surroundings=self._args.surroundings,
                retention_days=balancer.access_log_retention_days,
            ),
            self._children,
        ).bucket_name

    def _security_group(self) -> "ec2.SecurityGroup":
        args = self._args
        name = args.surroundings.named("alb")
        group = ec2.SecurityGroup(
            name,
            description="The load balancer",
            vpc_id=args.vpc_id,
            tags={"Name": name},
            opts=self._children,
        )
        for cidr in dict.fromkeys(args.balancer.allowed_cidrs):
            for port in (HTTP_PORT, HTTPS_PORT):
                vpc.SecurityGroupIngressRule(
                    args.surroundings.named(f"alb-{port}-{cidr}"),
                    security_group_id=group.id,
                    cidr_ipv4=cidr,
                    ip_protocol="tcp",
                    from_port=port,
                    to_port=port,
                    description="Visitors",
                    opts=self._children,
                )
        return group

    def _balancer(self, group: "ec2.SecurityGroup") -> "lb.LoadBalancer":
        args = self._args
        protect = args.surroundings.protect
        return lb.LoadBalancer(
            args.surroundings.named("alb"),
            load_balancer_type="application",
            internal=False,
            ip_address_type="ipv4",
            subnets=args.subnet_ids,
            security_groups=[group.id],
            idle_timeout=args.balancer.idle_timeout_s,
            # Names that a node might read as another header never reach it.
            drop_invalid_header_fields=True,
            desync_mitigation_mode="defensive",
            xff_header_processing_mode="append",
            enable_http2=True,
            enable_waf_fail_open=False,
            enable_deletion_protection=protect,
            access_logs=self._log_delivery(),
            opts=pulumi.ResourceOptions(parent=self, protect=protect),
        )

    def _log_delivery(self) -> "lb.LoadBalancerAccessLogsArgs | None":
        if self.access_log_bucket_name is None:
            return None
        return lb.LoadBalancerAccessLogsArgs(
            bucket=self.access_log_bucket_name, prefix=PREFIX, enabled=True
        )

    def _lead_to_https(self, balancer: "lb.LoadBalancer") -> None:
        lb.Listener(
            self._args.surroundings.named("http"),
            load_balancer_arn=balancer.arn,
            port=HTTP_PORT,
            protocol="HTTP",
            routing_http_response_server_enabled=False,
            default_actions=[
                lb.ListenerDefaultActionArgs(
                    type="redirect",
                    redirect=lb.ListenerDefaultActionRedirectArgs(
                        status_code="HTTP_301", protocol="HTTPS", port=str(HTTPS_PORT)
                    ),
                )
            ],
            opts=self._children,
        )

    def _https(self, balancer: "lb.LoadBalancer") -> "lb.Listener":
        args = self._args
        return lb.Listener(
            args.surroundings.named("https"),
            load_balancer_arn=balancer.arn,
            port=HTTPS_PORT,
            protocol="HTTPS",
            ssl_policy=args.balancer.tls_policy,
            certificate_arn=args.certificate_arn,
            # The ERP itself sends the other headers of safety with its pages; static files lack
            # this one, and twice the same value harms nobody.
            routing_http_response_x_content_type_options_header_value="nosniff",
            routing_http_response_server_enabled=False,
            default_actions=[
                lb.ListenerDefaultActionArgs(
                    type="fixed-response",
                    fixed_response=lb.ListenerDefaultActionFixedResponseArgs(
                        content_type="text/plain",
                        message_body="There is nothing here.",
                        status_code="404",
                    ),
                )
            ],
            opts=self._children,
        )

    def _visitor_shares(self) -> VisitorShares:
        args = self._args
        return VisitorShares(
            args.surroundings.named("visitor-shares"),
            VisitorSharesArgs(
                surroundings=args.surroundings,
                listener_arn=self.https_listener.arn,
                targets={group.colour: group.arn for group in args.target_groups},
                weights={group.colour: group.weight for group in args.target_groups},
                alarms=args.alarms,
                watch_s=args.watch_s,
            ),
            self._children,
        )

    def _weight(self, group: WeightedTargetGroup) -> pulumi.Output[int]:
        assert self._shares is not None
        return self._shares.settled.apply(lambda weights: int(weights[group.colour]))

    def _rule(self, rule: ListenerRule) -> None:
        # Named by its priority: no two rules ever want the same one, in whatever order they change.
        lb.ListenerRule(
            self._args.surroundings.named(f"rule-{rule.priority}"),
            listener_arn=self.https_listener.arn,
            priority=rule.priority,
            conditions=self._conditions(rule),
            actions=[self._action(rule)],
            opts=self._children,
        )

    def _conditions(self, rule: ListenerRule) -> "list[lb.ListenerRuleConditionArgs]":
        conditions = []
        if rule.hosts:
            hosts = lb.ListenerRuleConditionHostHeaderArgs(values=rule.hosts)
            conditions.append(lb.ListenerRuleConditionArgs(host_header=hosts))
        if rule.paths:
            paths = lb.ListenerRuleConditionPathPatternArgs(values=rule.paths)
            conditions.append(lb.ListenerRuleConditionArgs(path_pattern=paths))
        if rule.expressions:
            compared = lb.ListenerRuleConditionPathPatternArgs(regex_values=rule.expressions)
            conditions.append(lb.ListenerRuleConditionArgs(path_pattern=compared))
        if rule.upgrades:
            upgrade = lb.ListenerRuleConditionHttpHeaderArgs(
                http_header_name="Upgrade", values=rule.upgrades
            )
            conditions.append(lb.ListenerRuleConditionArgs(http_header=upgrade))
        if rule.sources:
            sources = lb.ListenerRuleConditionSourceIpArgs(values=rule.sources)
            conditions.append(lb.ListenerRuleConditionArgs(source_ip=sources))
        if rule.from_cdn and self._args.cdn_secret is not None:
            proof = lb.ListenerRuleConditionHttpHeaderArgs(
                http_header_name=CDN_HEADER, values=[pulumi.Output.secret(self._args.cdn_secret)]
            )
            conditions.append(lb.ListenerRuleConditionArgs(http_header=proof))
        return conditions

    def _action(self, rule: ListenerRule) -> "lb.ListenerRuleActionArgs":
        if rule.action == "forward":
            return self._forward()
        if rule.action == "refuse":
            return _refuse()
        if rule.action == "maintenance" and self._args.routing.maintenance is not None:
            return _maintenance(self._args.routing.maintenance.page)
        return _redirect(self._args.routing.root_redirect)

    def _forward(self) -> "lb.ListenerRuleActionArgs":
        args = self._args
        if self._shares is None:
            # One group, and no second cookie: the group's own keeps a visitor on its node.
            (group,) = args.target_groups
            return lb.ListenerRuleActionArgs(type="forward", target_group_arn=group.arn)
        return lb.ListenerRuleActionArgs(
            type="forward",
            forward=lb.ListenerRuleActionForwardArgs(
                target_groups=[
                    lb.ListenerRuleActionForwardTargetGroupArgs(
                        arn=group.arn, weight=self._weight(group)
                    )
                    for group in args.target_groups
                ],
                stickiness=lb.ListenerRuleActionForwardStickinessArgs(
                    enabled=True, duration=args.balancer.stickiness_s
                ),
            ),
        )


def _refuse() -> "lb.ListenerRuleActionArgs":
    return lb.ListenerRuleActionArgs(
        type="fixed-response",
        fixed_response=lb.ListenerRuleActionFixedResponseArgs(
            content_type="text/plain",
            message_body="This page is not for visitors.",
            status_code="403",
        ),
    )


def _maintenance(page: str) -> "lb.ListenerRuleActionArgs":
    return lb.ListenerRuleActionArgs(
        type="fixed-response",
        fixed_response=lb.ListenerRuleActionFixedResponseArgs(
            content_type="text/html", message_body=page, status_code="503"
        ),
    )


def _redirect(path: str) -> "lb.ListenerRuleActionArgs":
    return lb.ListenerRuleActionArgs(
        type="redirect",
        redirect=lb.ListenerRuleActionRedirectArgs(
            # Not 301, which browsers keep: the start page may change.
            status_code="HTTP_302",
            path=path,
        ),
    )
