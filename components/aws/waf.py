"""The web application firewall before the load balancer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import cloudwatch, wafv2

from components.aws.listener_rules import back_office_is_limited
from components.aws.surroundings import AwsSurroundings
from components.aws.waf_groups import GROUPS, ManagedGroup
from components.aws.waf_paths import (
    AS_IT_CAME,
    AS_THE_NODE_READS,
    INNER_PARAMETER,
    REQUEST,
    VIEW_BEHIND_REQUEST,
    blocked_expressions,
    prefix_expressions,
    public_expressions,
    view_expressions,
)
from contract.routing import RoutingRules
from settings.aws import waf as models

if TYPE_CHECKING:
    # Their module takes a second to load: with types in quotes and typed dictionaries in place of
    # objects, a stack without a firewall does not wait for it, and keys are checked all the same.
    from pulumi_aws.wafv2 import (
        WebAclRuleArgsDict,
        WebAclRuleStatementArgsDict,
        WebAclRuleStatementRateBasedStatementArgsDict,
        WebAclRuleStatementRegexMatchStatementArgsDict,
        WebAclRuleVisibilityConfigArgsDict,
    )

LOG_GROUP_PREFIX = "aws-waf-logs-"
"""The firewall writes to no other (waf/latest/developerguide/logging-cw-logs)."""

REDACTED_HEADERS = ("authorization", "cookie")

_RATE_WINDOW_S = 300


@dataclass(frozen=True, kw_only=True)
class WafArgs:
    """`load_balancer_arn` is what it stands before.

    `visitor_header` is where CloudFront writes the visitor's own address; None: visitors come
    themselves. `log_retention_days` and `key_arn` are for the log; None is Amazon's own key.
    """

    surroundings: AwsSurroundings
    waf: models.Waf
    routing: RoutingRules
    load_balancer_arn: pulumi.Input[str]
    visitor_header: str | None
    log_retention_days: int
    key_arn: pulumi.Input[str] | None


class Waf(pulumi.ComponentResource):
    """Every request is looked at before the load balancer's own rules.

    Own rules first: too many requests of one address, paths that are blocked, however they are
    written, the back office for strangers; then Amazon's. Bodies that Amazon's rules find fault
    with, or that are longer than 8 KB, pass in the back office, whose forms have hundreds of
    fields, and at the upload paths. Offices, where the back office is theirs alone, are many people
    behind one address: neither their number of requests nor a body is held against them. In the
    mode `count` nothing is stopped, and the log says what would have been.
    """

    arn: pulumi.Output[str]
    name: pulumi.Output[str]
    """The dimension `WebACL` of its figures."""
    log_group_name: pulumi.Output[str] | None

    def __init__(
        self, name: str, args: WafArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:Waf", name, None, opts)
        self._args = args
        self._children = pulumi.ResourceOptions(parent=self)
        self._offices = self._ip_set() if back_office_is_limited(args.routing) else None
        logical_name = args.surroundings.named("waf")
        acl = wafv2.WebAcl(
            logical_name,
            scope="REGIONAL",
            description=f"Visitors of {args.surroundings.cluster}",
            default_action={"allow": {}},
            rules=[
                self._with_priority(priority, rule) for priority, rule in enumerate(self._rules())
            ],
            visibility_config={
                "cloudwatch_metrics_enabled": True,
                "sampled_requests_enabled": True,
                "metric_name": logical_name,
            },
            tags={"Name": logical_name},
            opts=self._children,
        )
        wafv2.WebAclAssociation(
            logical_name,
            resource_arn=args.load_balancer_arn,
            web_acl_arn=acl.arn,
            opts=self._children,
        )
        self.log_group_name = self._log(acl) if args.waf.logging else None
        self.arn = acl.arn
        self.name = acl.name
        self.register_outputs({"arn": self.arn})

    def _rules(self) -> Iterator["WebAclRuleArgsDict"]:
        """In the order in which they are asked; each without its priority."""
        args = self._args
        if args.waf.rate_limit is not None:
            yield self._own("rate-limit", {"rate_based_statement": self._rate(args.waf.rate_limit)})
        yield self._own(
            "inner-parameters",
            {"regex_match_statement": _path_matches(INNER_PARAMETER, AS_IT_CAME)},
        )
        for index, expression in enumerate(blocked_expressions(args.routing.blocked)):
            yield self._own(
                f"blocked-paths-{index}", {"regex_match_statement": _path_matches(expression)}
            )
        yield self._own("views-behind-requests", self._views_behind_requests())
        if self._offices is not None:
            public = public_expressions(args.routing.public_paths)
            yield self._own("back-office", _unless(public, _not_from(self._offices)))
        for group in GROUPS:
            yield self._managed(group)
        yield self._own("bodies-outside-uploads", self._bodies_outside_uploads())

    def _with_priority(self, priority: int, rule: "WebAclRuleArgsDict") -> "WebAclRuleArgsDict":
        rule["priority"] = priority
        return rule

    def _own(self, part: str, statement: "WebAclRuleStatementArgsDict") -> "WebAclRuleArgsDict":
        counts = self._args.waf.mode == "count"
        return {
            "name": part,
            "priority": 0,
            "statement": statement,
            "action": {"count": {}} if counts else {"block": {}},
            "visibility_config": self._figures(part),
        }

    def _managed(self, group: ManagedGroup) -> "WebAclRuleArgsDict":
        counts = self._args.waf.mode == "count"
        return {
            "name": group.part,
            "priority": 0,
            "statement": {
                "managed_rule_group_statement": {
                    "vendor_name": "AWS",
                    "name": group.name,
                    "rule_action_overrides": [
                        {"name": rule, "action_to_use": {"count": {}}} for rule in group.counted
                    ],
                }
            },
            "override_action": {"count": {}} if counts else {"none": {}},
            "visibility_config": self._figures(group.part),
        }

    def _figures(self, part: str) -> "WebAclRuleVisibilityConfigArgsDict":
        return {
            "cloudwatch_metrics_enabled": True,
            "sampled_requests_enabled": True,
            "metric_name": self._args.surroundings.named(part),
        }

    def _rate(self, limit: int) -> "WebAclRuleStatementRateBasedStatementArgsDict":
        """By the visitor's own address: behind CloudFront all requests come from a few others."""
        header = self._args.visitor_header
        rate: WebAclRuleStatementRateBasedStatementArgsDict = {
            "limit": limit,
            "evaluation_window_sec": _RATE_WINDOW_S,
            "aggregate_key_type": "IP" if header is None else "FORWARDED_IP",
        }
        if header is not None:
            rate["forwarded_ip_config"] = {"header_name": header, "fallback_behavior": "MATCH"}
        if self._offices is not None:
            rate["scope_down_statement"] = {
                "not_statement": {
                    "statement": {"ip_set_reference_statement": {"arn": self._offices}}
                }
            }
        return rate

    def _views_behind_requests(self) -> "WebAclRuleStatementArgsDict":
        routing = self._args.routing
        elsewhere = [
            *prefix_expressions(routing.public_paths),
            *view_expressions(routing.view_paths),
        ]
        return _unless(elsewhere, {"regex_match_statement": _path_matches(VIEW_BEHIND_REQUEST)})

    def _bodies_outside_uploads(self) -> "WebAclRuleStatementArgsDict":
        """A body was marked, of a stranger, and the path is none that takes such bodies."""
        args = self._args
        marks: list[WebAclRuleStatementArgsDict] = [
            {"label_match_statement": {"scope": "LABEL", "key": label}}
            for group in GROUPS
            for label in group.body_labels
        ]
        for_everyone: list[WebAclRuleStatementArgsDict] = [
            {"regex_match_statement": _path_matches(expression)}
            for expression in prefix_expressions(args.routing.public_paths)
        ]
        # The provider takes three statements within each other, and no more.
        statements = [
            _any_of(marks),
            _any_of([*for_everyone, _not({"regex_match_statement": _path_matches(REQUEST)})]),
            *([] if self._offices is None else [_not_from(self._offices)]),
            *_none_of(prefix_expressions(args.waf.upload_paths)),
        ]
        return {"and_statement": {"statements": statements}}

    def _ip_set(self) -> pulumi.Output[str]:
        args = self._args
        return wafv2.IpSet(
            args.surroundings.named("offices"),
            scope="REGIONAL",
            description="Who may reach the back office",
            ip_address_version="IPV4",
            addresses=list(dict.fromkeys(args.routing.back_office_cidrs)),
            opts=self._children,
        ).arn

    def _log(self, acl: "wafv2.WebAcl") -> pulumi.Output[str]:
        args = self._args
        logical_name = args.surroundings.named("waf")
        group = cloudwatch.LogGroup(
            logical_name,
            # Not an automatic name: the firewall demands how it begins.
            name=f"{LOG_GROUP_PREFIX}{args.surroundings.cluster}",
            retention_in_days=args.log_retention_days,
            kms_key_id=args.key_arn,
            opts=self._children,
        )
        wafv2.WebAclLoggingConfiguration(
            logical_name,
            resource_arn=acl.arn,
            log_destination_configs=[group.arn],
            redacted_fields=[{"single_header": {"name": header}} for header in REDACTED_HEADERS],
            logging_filter={
                "default_behavior": "DROP",
                "filters": [
                    {
                        "behavior": "KEEP",
                        "requirement": "MEETS_ANY",
                        "conditions": [
                            {"action_condition": {"action": action}}
                            for action in ("BLOCK", "COUNT", "EXCLUDED_AS_COUNT")
                        ],
                    }
                ],
            },
            opts=self._children,
        )
        return group.name


def _unless(
    expressions: Sequence[str], statement: "WebAclRuleStatementArgsDict"
) -> "WebAclRuleStatementArgsDict":
    """The statement holds, and the path matches none of the expressions."""
    elsewhere = _none_of(expressions)
    if not elsewhere:
        return statement
    return {"and_statement": {"statements": [statement, *elsewhere]}}


def _none_of(expressions: Sequence[str]) -> "list[WebAclRuleStatementArgsDict]":
    """The path matches none of the expressions."""
    return [_not({"regex_match_statement": _path_matches(each)}) for each in expressions]


def _not_from(ip_set_arn: pulumi.Output[str]) -> "WebAclRuleStatementArgsDict":
    return _not({"ip_set_reference_statement": {"arn": ip_set_arn}})


def _not(statement: "WebAclRuleStatementArgsDict") -> "WebAclRuleStatementArgsDict":
    return {"not_statement": {"statement": statement}}


def _any_of(
    statements: Sequence["WebAclRuleStatementArgsDict"],
) -> "WebAclRuleStatementArgsDict":
    """One alone stands for itself: the firewall takes no list of one."""
    if len(statements) == 1:
        return statements[0]
    return {"or_statement": {"statements": list(statements)}}


def _path_matches(
    expression: str, transformations: Sequence[str] = AS_THE_NODE_READS
) -> "WebAclRuleStatementRegexMatchStatementArgsDict":
    return {
        "regex_string": expression,
        "field_to_match": {"uri_path": {}},
        "text_transformations": [
            {"priority": priority, "type": transformation}
            for priority, transformation in enumerate(transformations)
        ],
    }
