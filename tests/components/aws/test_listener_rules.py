"""The load balancer's rules: never more than it holds, and never less than was asked for."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.aws.listener_rules import (
    EXPRESSION_MAX_LENGTH,
    ListenerRule,
    RoutingLimitError,
    listener_rules,
)
from contract.routing import BlockedPath, RoutingRules
from settings.routing import HEALTH_PATH, blocked
from settings.visitor_paths import BLOCKED_PATHS

SEGMENTS = st.lists(st.text("abcXYZ019_.-", min_size=1, max_size=12), min_size=1, max_size=7)
PATHS = SEGMENTS.map(lambda segments: "/" + "/".join(segments))
CIDRS = st.integers(0, 2**24 - 1).map(
    lambda block: f"{block >> 16 & 255}.{block >> 8 & 255}.{block & 255}.0/24"
)
BLOCKED = st.builds(
    BlockedPath, path=PATHS, match=st.sampled_from(["prefix", "any-webapp"]), reason=st.just("test")
)
HOSTS = st.lists(
    st.from_regex(r"[a-z]{1,8}\.example\.com", fullmatch=True), min_size=1, max_size=6, unique=True
)


@st.composite
def routings(draw: st.DrawFn) -> RoutingRules:
    return RoutingRules(
        health_path=HEALTH_PATH,
        root_redirect="/shop/",
        blocked=tuple(draw(st.lists(BLOCKED, max_size=12))),
        public_paths=tuple(draw(st.lists(PATHS, max_size=12))),
        view_paths=tuple(draw(st.lists(PATHS, max_size=12))),
        back_office_cidrs=tuple(draw(st.lists(CIDRS, max_size=8))),
        stickiness_s=3600,
    )


def values(rule: ListenerRule) -> list[tuple[str, ...]]:
    return [
        *(rule.hosts, rule.paths, rule.expressions, rule.sources, rule.upgrades),
        ("secret",) if rule.from_cdn else (),
    ]


def routing(
    *, public: tuple[str, ...] = ("/shop",), cidrs: tuple[str, ...] = ("203.0.113.0/24",)
) -> RoutingRules:
    return RoutingRules(
        health_path=HEALTH_PATH,
        root_redirect="/shop/",
        blocked=blocked(BLOCKED_PATHS),
        public_paths=public,
        view_paths=("/authview",),
        back_office_cidrs=cidrs,
        stickiness_s=3600,
    )


def compared(rules: tuple[ListenerRule, ...], action: str) -> list[re.Pattern[str]]:
    return [
        re.compile(expression)
        for rule in rules
        if rule.action == action
        for expression in rule.expressions
    ]


@settings(max_examples=150, deadline=None)
@given(routing=routings(), hosts=HOSTS, from_cdn=st.booleans())
def test_no_rule_is_larger_than_a_load_balancer_takes(
    routing: RoutingRules, hosts: list[str], from_cdn: bool
) -> None:
    """Whatever the routing rules say: five values, five wildcards, three values a condition."""
    rules = listener_rules(routing, hosts, from_cdn=from_cdn)

    assert len(rules) <= 100
    for rule in rules:
        assert sum(map(len, values(rule))) in range(1, 6)
        assert all(len(condition) <= 3 for condition in values(rule))
        assert sum(text.count("*") + text.count("?") for text in rule.paths + rule.hosts) <= 5
        assert all(len(each) <= EXPRESSION_MAX_LENGTH for each in rule.paths + rule.expressions)
        assert not (rule.paths and rule.expressions)
        assert 1 <= rule.priority <= 50_000
    assert len({rule.priority for rule in rules}) == len(rules)


@settings(max_examples=150, deadline=None)
@given(routing=routings(), hosts=HOSTS)
def test_every_path_is_in_some_rule_whatever_else_there_is(
    routing: RoutingRules, hosts: list[str]
) -> None:
    """Packing loses no path."""
    rules = listener_rules(routing, hosts, from_cdn=False)
    refused = [
        ("/webapp" if each.match == "any-webapp" else "") + each.path for each in routing.blocked
    ]
    forwarded = [*routing.public_paths, *(f"/webapp/control{path}" for path in routing.view_paths)]

    for action, paths in (("refuse", refused), ("forward", forwarded)):
        patterns = compared(rules, action)
        for path in paths:
            for below in ("", "/below", ";jsessionid=1"):
                assert any(pattern.fullmatch(path + below) for pattern in patterns), path


@settings(max_examples=150, deadline=None)
@given(routing=routings(), hosts=HOSTS)
def test_every_expression_means_the_same_searched_and_matched(
    routing: RoutingRules, hosts: list[str]
) -> None:
    """AWS's pages do not say which of the two a load balancer does."""
    for rule in listener_rules(routing, hosts, from_cdn=False):
        for expression in rule.expressions:
            assert expression.startswith("^")
            assert expression.endswith("$")
            assert "|" not in re.sub(r"\(.*\)", "", expression), expression
            assert "(?" not in expression


@settings(max_examples=100, deadline=None)
@given(routing=routings(), hosts=HOSTS)
def test_every_name_is_forwarded_and_every_office_before_the_back_office_is_refused(
    routing: RoutingRules, hosts: list[str]
) -> None:
    """An order that refuses first would lock the staff out."""
    rules = listener_rules(routing, hosts, from_cdn=False)
    last = [
        rule
        for rule in rules
        if rule.action == "forward" and not rule.expressions and not rule.paths
    ]
    refused = [rule for rule in rules if rule.action == "refuse" and rule.hosts]

    assert {host for rule in last for host in rule.hosts} == set(hosts)
    if not routing.back_office_cidrs:
        assert not any(rule.sources for rule in rules)
        assert not refused
        return
    assert {host for rule in refused for host in rule.hosts} == set(hosts)
    assert max(rule.priority for rule in last) < min(rule.priority for rule in refused)
    for host in hosts:
        reached = {cidr for rule in last if host in rule.hosts for cidr in rule.sources}
        assert reached == set(routing.back_office_cidrs)


def test_addresses_that_include_everyone_limit_nothing() -> None:
    open_to_all = routing(cidrs=("203.0.113.0/24", "0.0.0.0/0"))
    rules = listener_rules(open_to_all, ["erp.example.com"], from_cdn=False)

    assert not any(rule.sources for rule in rules)
    assert not any(rule.action == "refuse" and rule.hosts for rule in rules)


def test_one_path_more_moves_no_rule_of_another_kind() -> None:
    """A rule that only moved is no change to look at."""
    few = listener_rules(routing(public=("/a", "/b")), ["erp.example.com"], from_cdn=False)
    more = listener_rules(routing(public=("/a", "/b", "/c")), ["erp.example.com"], from_cdn=False)

    [moved] = [rule for rule in few if rule not in more]
    assert moved.expressions == ("^(/a|/b)([/;].*)?$",)


def test_a_path_beyond_the_limit_says_which_and_what_to_do() -> None:
    path = "/" + "a" * EXPRESSION_MAX_LENGTH
    with pytest.raises(RoutingLimitError, match=r"the path /a+ has 129 characters.*shorter path"):
        listener_rules(routing(public=(path,)), ["erp.example.com"], from_cdn=False)


def test_too_many_rules_say_how_many_and_which_settings_make_them() -> None:
    paths = tuple(f"/{'path' * 25}{number}" for number in range(300))
    with pytest.raises(RoutingLimitError, match=r"make 10\d rules.*takes 100.*publicPaths"):
        listener_rules(routing(public=paths), ["erp.example.com"], from_cdn=False)
