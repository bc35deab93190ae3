"""The routing rules as an Application Load Balancer can say them. Pure; rules in, rules out.

It compares the path as the visitor wrote it: letter by letter, not decoded, with `*` and `?` and a
few signs more (elasticloadbalancing/latest/APIReference/API_RuleCondition). That is a first fence:
a path that is written another way for the same page (`/%73olr`, `/webtools;x/control`) is told only
by the firewall behind it, `components.aws.waf`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Literal

from contract.routing import BlockedPath, RoutingRules

VALUES_A_RULE = 5
WILDCARDS_A_RULE = 5
VALUES_A_CONDITION = 3
"""Match evaluations (elasticloadbalancing/latest/application/rule-condition-types)."""

RULES_A_BALANCER = 100
"""Without default rules (elasticloadbalancing/latest/application/load-balancer-limits)."""

PATTERN_MAX_LENGTH = 128

_UNCLEAR_FROM, _BLOCKED_FROM, _ROOT_FROM = 100, 200, 300
_OFFICE_FROM, _BACK_OFFICE_FROM, _VISITORS_FROM = 400, 500, 600
"""Priorities: each kind has as many as a load balancer has rules, so that none runs into the next
and one path more moves no rule of another kind."""

_UNCLEAR_PATHS = ("//*", "*/./*", "*/../*")
"""No browser sends them, and a node reads another path than the load balancer compared."""

_HOSTS_BESIDE_OTHERS = 2


class RoutingLimitError(Exception):
    """The routing rules say more than a load balancer can hold."""


@dataclass(frozen=True, kw_only=True)
class ListenerRule:
    """One rule: it acts when every condition that is not empty matches by one of its values.

    `from_cdn` asks for the header by which CloudFront proves itself. Lower priorities come first.
    """

    priority: int
    action: Literal["forward", "refuse", "redirect-root"]
    hosts: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    from_cdn: bool = False


def listener_rules(
    routing: RoutingRules, hosts: Sequence[str], *, from_cdn: bool
) -> tuple[ListenerRule, ...]:
    """The rules of the HTTPS listener; what none of them takes has no answer but 404.

    First what is refused to everyone, then `/`, then the back office for those who may use it and
    its refusal to all others, then everything else under the names of `hosts`. Raises
    RoutingLimitError for a path or a number of rules that is beyond the load balancer.
    """
    rules = (
        *_refusals(_UNCLEAR_FROM, _UNCLEAR_PATHS),
        *_refusals(_BLOCKED_FROM, _blocked(routing)),
        *_root(hosts, from_cdn=from_cdn),
        *_back_office(routing, hosts, from_cdn=from_cdn),
        *_visitors(hosts, from_cdn=from_cdn),
    )
    if len(rules) > RULES_A_BALANCER:
        raise RoutingLimitError(
            f"the routing rules make {len(rules)} rules of the load balancer, and it takes "
            f"{RULES_A_BALANCER}; name fewer paths in balancer.backOfficePaths, larger blocks in "
            "balancer.backOfficeCidrs or fewer dns.alternativeNames"
        )
    return rules


def back_office_is_limited(routing: RoutingRules) -> bool:
    """Whether there are paths, and addresses that may not reach them."""
    everyone = any(IPv4Network(cidr).prefixlen == 0 for cidr in routing.back_office_cidrs)
    return bool(routing.back_office_paths and routing.back_office_cidrs) and not everyone


def _blocked(routing: RoutingRules) -> list[str]:
    return [_checked(_blocked_pattern(blocked), blocked.path) for blocked in routing.blocked]


def _blocked_pattern(blocked: BlockedPath) -> str:
    """The path with whatever follows: `;` cannot be said, so names that begin alike go with it."""
    segments = _segments(blocked.path)
    if blocked.match == "prefix":
        return f"/{'/'.join(segments)}*"
    # Between segments too, for `/control;x/` and `/control//`, as far as wildcards suffice.
    between = "*/" if len(segments) < WILDCARDS_A_RULE else "/"
    return f"*/{between.join(segments)}*"


def _root(hosts: Sequence[str], *, from_cdn: bool) -> Iterator[ListenerRule]:
    for index, some in enumerate(_chunks(hosts, _HOSTS_BESIDE_OTHERS)):
        yield ListenerRule(
            priority=_ROOT_FROM + index,
            action="redirect-root",
            hosts=some,
            paths=("/",),
            from_cdn=from_cdn,
        )


def _back_office(
    routing: RoutingRules, hosts: Sequence[str], *, from_cdn: bool
) -> Iterator[ListenerRule]:
    if not back_office_is_limited(routing):
        return
    # Who may use the back office may use everything: the paths are not asked for.
    priority = _OFFICE_FROM
    for some in _chunks(hosts, _HOSTS_BESIDE_OTHERS):
        room = min(VALUES_A_CONDITION, VALUES_A_RULE - len(some) - from_cdn)
        for sources in _chunks(list(dict.fromkeys(routing.back_office_cidrs)), room):
            yield ListenerRule(
                priority=priority, action="forward", hosts=some, sources=sources, from_cdn=from_cdn
            )
            priority += 1
    yield from _refusals(_BACK_OFFICE_FROM, _below(routing.back_office_paths))


def _below(paths: Iterable[str]) -> Iterator[str]:
    """Each path itself and all below it, two patterns a path."""
    for path in paths:
        plain = f"/{'/'.join(_segments(path))}"
        yield _checked(plain, path)
        yield _checked(f"{plain.rstrip('/')}/*", path)


def _visitors(hosts: Sequence[str], *, from_cdn: bool) -> Iterator[ListenerRule]:
    for index, some in enumerate(_chunks(hosts, VALUES_A_CONDITION)):
        yield ListenerRule(
            priority=_VISITORS_FROM + index, action="forward", hosts=some, from_cdn=from_cdn
        )


def _refusals(first_priority: int, patterns: Iterable[str]) -> Iterator[ListenerRule]:
    for index, paths in enumerate(_packed(patterns)):
        yield ListenerRule(priority=first_priority + index, action="refuse", paths=paths)


def _packed(patterns: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Patterns in their order, as many together as one rule takes."""
    pack: list[str] = []
    for pattern in dict.fromkeys(patterns):
        if pack and not _fits([*pack, pattern]):
            yield tuple(pack)
            pack = []
        pack.append(pattern)
    if pack:
        yield tuple(pack)


def _fits(patterns: Sequence[str]) -> bool:
    wildcards = sum(pattern.count("*") for pattern in patterns)
    return len(patterns) <= VALUES_A_CONDITION and wildcards <= WILDCARDS_A_RULE


def _checked(pattern: str, path: str) -> str:
    if len(pattern) > PATTERN_MAX_LENGTH:
        raise RoutingLimitError(
            f"the path {path} has {len(path)} characters; with wildcards a load balancer compares "
            f"{PATTERN_MAX_LENGTH} at most: name a shorter path above it"
        )
    return pattern


def _segments(path: str) -> list[str]:
    return [segment for segment in path.split("/") if segment]


def _chunks(values: Sequence[str], size: int) -> Iterator[tuple[str, ...]]:
    for start in range(0, len(values), size):
        yield tuple(values[start : start + size])
