"""What each node finds when it looks around from inside: `python3 -m node check` in every one."""

import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from pydantic import ValidationError

from checks.answering_node import a_visitor_at_each_node
from checks.check import BrokenPromiseError, Held, NotTriedError, check
from checks.cluster import Cluster
from checks.containers import Containers
from checks.reference_pages import write_row
from checks.waiting import seconds_until
from contract.inside_report import InsideReport, InsideResult

NODE_CHECK = ("python3", "-m", "node", "check", "--json")
SUBSCRIBED = "cacheClear.subscribed"
MEMBERS = "database.members"


@check("inside.nodes", "every node finds all in order when it looks around from inside")
def nodes(cluster: Cluster) -> Held:
    reports = _reports(cluster)
    broken = {instance_id: _faults(report) for instance_id, report in reports.items()}
    if any(broken.values()):
        raise BrokenPromiseError("\n".join(line for lines in broken.values() for line in lines))
    return Held(
        evidence="; ".join(
            f"{instance_id}: {report.sum()}" for instance_id, report in reports.items()
        )
    )


@check("inside.subscribers", "as many nodes hear cache clears as live by the table of heartbeats")
def subscribers(cluster: Cluster) -> Held:
    """The broker's own count takes a JMS client to ask for; each node's JVM knows its own part."""
    reports = _reports_of_listeners(cluster)
    hearing = [i for i, report in reports.items() if _line(report, SUBSCRIBED).verdict == "pass"]
    live = {int(_line(report, MEMBERS).figures.get("live_nodes", 0)) for report in reports.values()}
    seen = f"{len(hearing)} hear clears ({', '.join(hearing) or 'nobody'}), {_counts(live)} live"
    if live != {len(hearing)}:
        raise BrokenPromiseError(seen)
    return Held(evidence=seen, figures={"subscribed": len(hearing)})


@dataclass(frozen=True, kw_only=True)
class _Clears:
    """Since the JVM's start: what it told, what came in (its own too), what it could not follow."""

    told: float
    received: float
    not_followed: float


@check("inside.heard", "what one node tells, every node hears and can follow")
def heard(cluster: Cluster) -> Held:
    """By the nodes' own figures, so it is tried on any ERP: a new visitor is a row that is told."""
    before = _clears_at_rest(cluster)
    _have_nodes_tell(cluster)
    time.sleep(cluster.limits.figures_s)
    now = _clears(cluster)
    told = _told(before, now)
    if not told:
        raise NotTriedError(
            "no node had anything to tell: a new visitor writes no row here that nodes cache "
            "(stats.persist.visitor in serverstats.properties)"
        )

    def all_heard() -> bool:
        now.update(_clears(cluster))
        return all(now[each].received - before[each].received >= told for each in before)

    try:
        seconds_until(all_heard, within_s=cluster.limits.fresh_s)
    except TimeoutError as error:
        raise BrokenPromiseError(
            f"{told:g} clears were told; {cluster.limits.fresh_s:g} s later "
            + _counted(before, now, "received", "heard")
        ) from error
    now = _clears_at_rest(cluster)
    if any(now[each].not_followed > before[each].not_followed for each in before):
        raise BrokenPromiseError(
            f"{told:g} clears were told; "
            + _counted(before, now, "not_followed", "could not follow")
            + ": its log has lines with `cannot be followed`"
        )
    return Held(
        evidence=f"{_told(before, now):g} clears were told; "
        + _counted(before, now, "received", "heard"),
        figures={"told": _told(before, now)},
    )


def _told(before: Mapping[str, _Clears], now: Mapping[str, _Clears]) -> float:
    return sum(now[each].told - before[each].told for each in before)


def _counted(
    before: Mapping[str, _Clears], now: Mapping[str, _Clears], figure: str, verb: str
) -> str:
    return ", ".join(
        f"{each} {verb} {getattr(now[each], figure) - getattr(before[each], figure):g}"
        for each in before
    )


def _have_nodes_tell(cluster: Cluster) -> None:
    with a_visitor_at_each_node(cluster) as visitors:
        if cluster.outputs.implementation == "reference":
            for visitor in visitors.values():
                write_row(visitor, f"check-{secrets.token_hex(4)}", "told")


def _clears_at_rest(cluster: Cluster) -> dict[str, _Clears]:
    """By instance id, once nothing is under way; the last ones seen where that is never so."""
    seen = _clears(cluster)

    def unchanged() -> bool:
        last = dict(seen)
        seen.update(_clears(cluster))
        return seen == last

    with suppress(TimeoutError):
        seconds_until(unchanged, within_s=cluster.limits.fresh_s, poll_s=cluster.limits.figures_s)
    return seen


def _clears(cluster: Cluster) -> dict[str, _Clears]:
    reports = _reports_of_listeners(cluster)
    return {instance_id: _clears_of(report) for instance_id, report in reports.items()}


def _clears_of(report: InsideReport) -> _Clears:
    figures = _line(report, SUBSCRIBED).figures
    try:
        return _Clears(
            told=figures["sent"] + figures["clear_alls_sent"],
            received=figures["received"],
            not_followed=figures["not_followed"],
        )
    except KeyError as figure:
        raise NotTriedError(
            f"{report.instance_id} does not say its figure {figure}: its JVM is starting, or its "
            "image is older than this check (`make up` brings the newest)"
        ) from figure


def _reports_of_listeners(cluster: Cluster) -> dict[str, InsideReport]:
    """Raises NotTriedError where listeners say nothing of themselves."""
    reports = _reports(cluster)
    if all(_line(report, SUBSCRIBED).verdict == "skip" for report in reports.values()):
        raise NotTriedError(
            "no node knows whether it is subscribed: mode stock, or a listener of the tree's own"
        )
    return reports


def _counts(live: set[int]) -> str:
    return " or ".join(str(count) for count in sorted(live))


def _reports(cluster: Cluster) -> dict[str, InsideReport]:
    """By instance id. Raises NotTriedError where nobody can be sent inside."""
    containers = cluster.containers
    members = cluster.outputs.members
    named = {each.instance_id: each.container for each in members if each.container is not None}
    if containers is None or not named:
        raise NotTriedError(
            f"no container of the platform {cluster.outputs.platform} can be entered from here; "
            "docs/operations.md has the command to run on a node"
        )
    return {instance_id: _report(containers, container) for instance_id, container in named.items()}


def _report(containers: Containers, container: str) -> InsideReport:
    printed = containers.ask(container, NODE_CHECK)
    try:
        return InsideReport.model_validate_json(printed)
    except ValidationError:
        raise BrokenPromiseError(
            f"{container}: `{' '.join(NODE_CHECK)}` printed no report, but {printed[:200]!r}\n"
            f"--- {container}, last lines\n{containers.last_lines(container)}"
        ) from None


def _line(report: InsideReport, name: str) -> InsideResult:
    found = next((result for result in report.results if result.name == name), None)
    if found is None:
        raise BrokenPromiseError(f"{report.instance_id}: its report has no line {name}")
    return found


def _faults(report: InsideReport) -> list[str]:
    return [
        f"{report.instance_id} {result.name}: {result.evidence}\n  -> {result.advice}"
        for result in report.results
        if result.verdict == "fail"
    ]
