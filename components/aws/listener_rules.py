"""The routing rules as an Application Load Balancer can say them. Pure; rules in, rules out.

It compares the path as the visitor wrote it, not decoded, by wildcards or by regular expressions of
128 characters without look-around (elasticloadbalancing/latest/application/rule-condition-types).
So what can be written in several ways is refused in all but one: letters and digits are never
encoded, and no path climbs, doubles a slash or has a parameter before its end. What is left means
to a node what it says. It has no "not": the order of the rules says it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Literal

from contract.routing import Maintenance, RoutingRules

VALUES_A_RULE = 5
VALUES_A_CONDITION = 3
"""Match evaluations (elasticloadbalancing/latest/application/rule-condition-types)."""

RULES_A_BALANCER = 100
"""Without default rules (elasticloadbalancing/latest/application/load-balancer-limits)."""

EXPRESSION_MAX_LENGTH = 128

_UNCLEAR_FROM, _BLOCKED_FROM, _ROOT_FROM, _PUBLIC_FROM = 100, 200, 300, 400
_VIEWS_FROM, _NO_VIEWS_FROM, _OFFICE_FROM, _STRANGERS_FROM = 500, 600, 700, 800
"""Priorities: each kind has as many as a load balancer has rules, so that none runs into the next
and one path more moves no rule of another kind."""

UNCLEAR_PATHS = (
    r"^.*(//|/\.\.?(/|;|$)|;[^/]*/|\\).*$",
    "^.*%(00|2[dDeEfF]|3[0-9]|4[1-9a-fA-F]|5[0-9aAcCfF]|6[1-9a-fA-F]|7[0-9aA]).*$",
)
"""No browser sends them: `//`, `/./`, `/../`, `;x/`, a backslash, and letters, digits and the signs
`- . / _` or a backslash in their encoded form."""

_END = "([/;].*)?$"
"""A path ends, or goes on below, or carries `;jsessionid=`. Every expression begins with `^` and
ends with `$`, so that it means the same whether it is searched for or must match the whole path."""

VIEW_BEHIND_REQUEST = "^(/.*)?/control/[^/]+(/~[^/]*)*/[^~/;].*$"
"""RequestHandler.getOverrideViewUri: a part behind the request's name that begins without `~`."""

_VIEWS = "^(/[^/]+)?/control("
_EVERYTHING = "/*"
_HTTP2_UPGRADES = ("*h2c*",)

_HOSTS_BESIDE_OTHERS = 2


class RoutingLimitError(Exception):
    """The routing rules say more than a load balancer can hold."""


@dataclass(frozen=True, kw_only=True)
class ListenerRule:
    """One rule: it acts when every condition that is not empty matches by one of its values.

    `expressions` and `paths` both compare the path, the former as regular expressions; a rule has
    one of them. `upgrades` are values of the header `Upgrade`. `from_cdn` asks for the header by
    which CloudFront proves itself. Lower priorities come first.
    """

    priority: int
    action: Literal["forward", "refuse", "redirect-root", "maintenance"]
    hosts: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    expressions: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    upgrades: tuple[str, ...] = ()
    from_cdn: bool = False


def listener_rules(
    routing: RoutingRules, hosts: Sequence[str], *, from_cdn: bool
) -> tuple[ListenerRule, ...]:
    """The rules of the HTTPS listener; what none of them takes has no answer but 404.

    First what is refused to everyone, then `/`, what is public, and of the back office the views
    that may stand behind a request; then every other view is refused, and the rest is for those who
    may reach the back office. Raises RoutingLimitError for a path or a number of rules that is
    beyond the load balancer.
    """
    if routing.maintenance is not None:
        return _within_limits(tuple(_in_maintenance(routing, routing.maintenance, hosts)))
    return _within_limits(
        (
            *_refused(_UNCLEAR_FROM, UNCLEAR_PATHS),
            ListenerRule(priority=_UNCLEAR_FROM + 1, action="refuse", upgrades=_HTTP2_UPGRADES),
            *_refused(_BLOCKED_FROM, _blocked(routing)),
            *_root(hosts, from_cdn=from_cdn),
            *_forwarded(_PUBLIC_FROM, hosts, _public(routing), from_cdn=from_cdn),
            *_views(routing, hosts, from_cdn=from_cdn),
            *_refused(_NO_VIEWS_FROM, (VIEW_BEHIND_REQUEST,)),
            *_back_office(routing, hosts, from_cdn=from_cdn),
        )
    )


def _within_limits(rules: tuple[ListenerRule, ...]) -> tuple[ListenerRule, ...]:
    if len(rules) > RULES_A_BALANCER:
        raise RoutingLimitError(
            f"the routing rules make {len(rules)} rules of the load balancer, and it takes "
            f"{RULES_A_BALANCER}; name fewer paths in balancer.publicPaths and "
            "balancer.blockedPaths, larger blocks in balancer.backOfficeCidrs or fewer "
            "dns.alternativeNames"
        )
    return rules


def _in_maintenance(
    routing: RoutingRules, maintenance: Maintenance, hosts: Sequence[str]
) -> Iterator[ListenerRule]:
    """Who is still in is served by rules that ask for the address; all others get the page.

    What is refused to everyone is refused first. A rule that asks for addresses leaves the hosts
    out, which would take room.
    """
    yield from _refused(_UNCLEAR_FROM, UNCLEAR_PATHS)
    yield ListenerRule(priority=_UNCLEAR_FROM + 1, action="refuse", upgrades=_HTTP2_UPGRADES)
    yield from _refused(_BLOCKED_FROM, _blocked(routing))
    insiders = list(dict.fromkeys(maintenance.still_in))
    if insiders:
        for index, sources in enumerate(_chunks(insiders, VALUES_A_CONDITION)):
            yield ListenerRule(
                priority=_ROOT_FROM + index, action="redirect-root", paths=("/",), sources=sources
            )
        views = list(_expressions(_VIEWS, routing.view_paths))
        yield from _for_insiders(_PUBLIC_FROM, _public(routing), insiders)
        yield from _for_insiders(_VIEWS_FROM, views, insiders)
        for index, sources in enumerate(_chunks(insiders, VALUES_A_CONDITION)):
            yield ListenerRule(
                priority=_NO_VIEWS_FROM + index,
                action="refuse",
                expressions=(VIEW_BEHIND_REQUEST,),
                sources=sources,
            )
            yield ListenerRule(priority=_OFFICE_FROM + index, action="forward", sources=sources)
    for index, some in enumerate(_chunks(hosts, VALUES_A_CONDITION)):
        yield ListenerRule(priority=_STRANGERS_FROM + index, action="maintenance", hosts=some)


def _for_insiders(
    first_priority: int, expressions: Sequence[str], insiders: Sequence[str]
) -> Iterator[ListenerRule]:
    priority = first_priority
    for pack in _chunks(expressions, VALUES_A_RULE - VALUES_A_CONDITION):
        for sources in _chunks(insiders, VALUES_A_CONDITION):
            yield ListenerRule(
                priority=priority, action="forward", expressions=pack, sources=sources
            )
            priority += 1


def back_office_is_limited(routing: RoutingRules) -> bool:
    """Whether there are addresses that may not reach the back office."""
    everyone = any(IPv4Network(cidr).prefixlen == 0 for cidr in routing.back_office_cidrs)
    return bool(routing.back_office_cidrs) and not everyone


def _blocked(routing: RoutingRules) -> Iterator[str]:
    for match, mount in (("prefix", ""), ("any-webapp", "(/.*)?")):
        paths = [blocked.path for blocked in routing.blocked if blocked.match == match]
        yield from _expressions(f"^{mount}(", paths)


def _public(routing: RoutingRules) -> list[str]:
    return list(_expressions("^(", routing.public_paths))


def _root(hosts: Sequence[str], *, from_cdn: bool) -> Iterator[ListenerRule]:
    for index, some in enumerate(_chunks(hosts, _HOSTS_BESIDE_OTHERS)):
        yield ListenerRule(
            priority=_ROOT_FROM + index,
            action="redirect-root",
            hosts=some,
            paths=("/",),
            from_cdn=from_cdn,
        )


def _forwarded(
    first_priority: int, hosts: Sequence[str], expressions: Sequence[str], *, from_cdn: bool
) -> Iterator[ListenerRule]:
    priority = first_priority
    for some in _chunks(hosts, _HOSTS_BESIDE_OTHERS):
        room = min(VALUES_A_CONDITION, VALUES_A_RULE - len(some) - from_cdn)
        for pack in _chunks(expressions, room):
            yield ListenerRule(
                priority=priority, action="forward", hosts=some, expressions=pack, from_cdn=from_cdn
            )
            priority += 1


def _views(
    routing: RoutingRules, hosts: Sequence[str], *, from_cdn: bool
) -> Iterator[ListenerRule]:
    expressions = list(_expressions(_VIEWS, routing.view_paths))
    if not back_office_is_limited(routing):
        yield from _forwarded(_VIEWS_FROM, hosts, expressions, from_cdn=from_cdn)
        return
    # Without the hosts, which would take room: these addresses may reach everything anyway.
    yield from _for_insiders(_VIEWS_FROM, expressions, _offices(routing))


def _back_office(
    routing: RoutingRules, hosts: Sequence[str], *, from_cdn: bool
) -> Iterator[ListenerRule]:
    """Everything that no rule above has taken."""
    if not back_office_is_limited(routing):
        for index, some in enumerate(_chunks(hosts, VALUES_A_CONDITION)):
            yield ListenerRule(
                priority=_OFFICE_FROM + index, action="forward", hosts=some, from_cdn=from_cdn
            )
        return
    priority = _OFFICE_FROM
    for some in _chunks(hosts, _HOSTS_BESIDE_OTHERS):
        room = min(VALUES_A_CONDITION, VALUES_A_RULE - len(some) - from_cdn)
        for sources in _chunks(_offices(routing), room):
            yield ListenerRule(
                priority=priority, action="forward", hosts=some, sources=sources, from_cdn=from_cdn
            )
            priority += 1
    for index, some in enumerate(_chunks(hosts, _HOSTS_BESIDE_OTHERS)):
        yield ListenerRule(
            priority=_STRANGERS_FROM + index, action="refuse", hosts=some, paths=(_EVERYTHING,)
        )


def _offices(routing: RoutingRules) -> list[str]:
    return list(dict.fromkeys(routing.back_office_cidrs))


def _refused(first_priority: int, expressions: Iterable[str]) -> Iterator[ListenerRule]:
    for index, pack in enumerate(_chunks(list(expressions), VALUES_A_CONDITION)):
        yield ListenerRule(priority=first_priority + index, action="refuse", expressions=pack)


def _expressions(beginning: str, paths: Iterable[str]) -> Iterator[str]:
    """What matches exactly these paths and all below them: as many as fit into one expression."""
    end = f"){_END}"
    pack: list[str] = []
    for path in dict.fromkeys(paths):
        alternative = path.replace(".", r"\.")
        if len(beginning + alternative + end) > EXPRESSION_MAX_LENGTH:
            room = EXPRESSION_MAX_LENGTH - len(beginning + end)
            raise RoutingLimitError(
                f"the path {path} has {len(path)} characters; a load balancer compares {room} at "
                "most: name a shorter path above it"
            )
        if pack and len(beginning + "|".join([*pack, alternative]) + end) > EXPRESSION_MAX_LENGTH:
            yield beginning + "|".join(pack) + end
            pack = []
        pack.append(alternative)
    if pack:
        yield beginning + "|".join(pack) + end


def _chunks(values: Sequence[str], size: int) -> Iterator[tuple[str, ...]]:
    for start in range(0, len(values), size):
        yield tuple(values[start : start + size])
