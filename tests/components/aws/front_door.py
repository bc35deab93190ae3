"""What becomes of a request: the firewall's rules and the load balancer's, as recorded, applied.

Written from the services' own pages, and sharing nothing with the components: it reads what they
registered. The load balancer compares the path as it came, in its own letters
(elasticloadbalancing/latest/application/rule-condition-types); the firewall after the steps that
its rule names (waf/latest/developerguide/waf-rule-statement-transformation).
"""

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import unquote

from tests.support.recorder import Recording, Registration

VISITOR = "198.51.100.7"
OFFICE = "203.0.113.9"


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request: `labels` are what the managed rules would mark it with."""

    path: str
    host: str = "erp.example.com"
    source: str = VISITOR
    headers: Mapping[str, str] = field(default_factory=dict)
    labels: frozenset[str] = frozenset()
    one_of_too_many: bool = False
    """Its address has sent more than any limit, and all of them are like this one."""


def balancer_answer(recording: Recording, request: Request) -> str:
    """`forward`, `redirect` or the status of a fixed response: what a visitor gets at 443."""
    rules = sorted(
        (each for each in recording.of_type("ListenerRule")),
        key=lambda each: int(each.inputs["priority"]),
    )
    for rule in rules:
        if all(_holds(dict(condition), request) for condition in rule.inputs["conditions"]):
            [action] = rule.inputs["actions"]
            return _answer(dict(action))
    [default] = recording.named("Listener", f"{_cluster(recording)}-https").inputs["defaultActions"]
    return _answer(dict(default))


def firewall_action(recording: Recording, request: Request) -> str:
    """`block`, or what lets it pass: `count` when a rule would have stopped it, else `allow`."""
    [acl] = recording.of_type("WebAcl")
    sets = {each.outputs["arn"]: each for each in recording if each.type.endswith(":IpSet")}
    counted = False
    for rule in sorted(acl.inputs["rules"], key=lambda each: int(each["priority"])):
        plain = _plain(rule)
        if "action" in plain and _matches(plain["statement"], request, sets):
            if "block" in plain["action"]:
                return "block"
            counted = True
    return "count" if counted else "allow"


def _cluster(recording: Recording) -> str:
    [balancer] = recording.of_type("lb/loadBalancer:LoadBalancer")
    return balancer.name.removesuffix("-alb")


def _answer(action: Mapping[str, Any]) -> str:
    if action["type"] == "fixed-response":
        return str(action["fixedResponse"]["statusCode"])
    return str(action["type"])


def _holds(condition: Mapping[str, Any], request: Request) -> bool:
    [(kind, values)] = condition.items()
    if kind == "pathPattern":
        compared = (
            map(_anchored, values["regexValues"])
            if "regexValues" in values
            else map(wildcards, values["values"])
        )
        return any(pattern.fullmatch(request.path) is not None for pattern in compared)
    if kind == "hostHeader":
        return request.host.lower() in {value.lower() for value in values["values"]}
    if kind == "sourceIp":
        return any(ip_address(request.source) in ip_network(cidr) for cidr in values["values"])
    if kind == "httpHeader":
        name = values["httpHeaderName"]
        return name in request.headers and any(
            wildcards(value.lower()).fullmatch(request.headers[name].lower())
            for value in values["values"]
        )
    raise LookupError(f"no request is compared by {kind}")


def _anchored(expression: str) -> re.Pattern[str]:
    """The pages do not say whether it is searched for or must match the whole: both agree here."""
    assert expression.startswith("^"), expression
    assert expression.endswith("$"), expression
    return re.compile(expression, re.DOTALL)


def wildcards(pattern: str) -> re.Pattern[str]:
    """`*` is any number of characters, `?` exactly one; upper and lower case differ."""
    signs = {"*": ".*", "?": "."}
    return re.compile("".join(signs.get(sign, re.escape(sign)) for sign in pattern), re.DOTALL)


Sets = Mapping[str, Registration]


def _matches(statement: Mapping[str, Any], request: Request, sets: Sets) -> bool:
    [(kind, what)] = statement.items()
    if kind not in _STATEMENTS:
        raise LookupError(f"no request is compared by {kind}")
    return _STATEMENTS[kind](what, request, sets)


def _regex(what: Mapping[str, Any], request: Request, _: Sets) -> bool:
    assert what["fieldToMatch"] == {"uriPath": {}}
    path = _transformed(request.path, what["textTransformations"])
    return re.search(what["regexString"], path) is not None


def _ip_set(what: Mapping[str, Any], request: Request, sets: Sets) -> bool:
    addresses = sets[what["arn"]].inputs["addresses"]
    return any(ip_address(request.source) in ip_network(cidr) for cidr in addresses)


_STATEMENTS: Mapping[str, Callable[[Mapping[str, Any], Request, Sets], bool]] = {
    "andStatement": lambda what, request, sets: all(
        _matches(each, request, sets) for each in what["statements"]
    ),
    "orStatement": lambda what, request, sets: any(
        _matches(each, request, sets) for each in what["statements"]
    ),
    "notStatement": lambda what, request, sets: not _matches(what["statement"], request, sets),
    "labelMatchStatement": lambda what, request, _: what["key"] in request.labels,
    "regexMatchStatement": _regex,
    "ipSetReferenceStatement": _ip_set,
    "rateBasedStatement": lambda what, request, sets: (
        request.one_of_too_many
        and (
            "scopeDownStatement" not in what or _matches(what["scopeDownStatement"], request, sets)
        )
    ),
}


def _transformed(path: str, transformations: Sequence[Mapping[str, Any]]) -> str:
    steps = {
        "NONE": lambda text: text,
        "URL_DECODE": unquote,
        "LOWERCASE": str.lower,
        "NORMALIZE_PATH": _normalised,
    }
    for each in sorted(transformations, key=lambda step: int(step["priority"])):
        path = steps[each["type"]](path)
    return path


def _normalised(path: str) -> str:
    """`//`, `/./` and `/x/../` resolved; a slash at the end stays."""
    resolved = re.sub("^//", "/", posixpath.normpath(path))
    return resolved + ("/" if path.endswith("/") and resolved != "/" else "")


def node_reads(path: str) -> str:
    """The path by which Tomcat chooses the application: parameters dropped, decoded, resolved
    (CoyoteAdapter: parsePathParameters, URL decoding, normalize)."""
    return _normalised(unquote(re.sub(";[^/]*", "", path)))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value


def rule_values(rule: Registration) -> Iterator[tuple[str, list[str]]]:
    """The values of each condition, by its kind."""
    for condition in rule.inputs["conditions"]:
        [(kind, what)] = condition.items()
        if "regexValues" in what:
            yield f"{kind} by expression", [str(value) for value in what["regexValues"]]
        else:
            yield kind, [str(value) for value in what["values"]]
