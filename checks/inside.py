"""What the nodes find inside of themselves, and whether they receive each other's cache clears."""

import secrets
import time

from checks.answering_node import a_visitor_at_each_node
from checks.check import BrokenPromiseError, Held, NotTriedError, check
from checks.clear_counts import ClearCounts
from checks.cluster import Cluster
from checks.inside_reports import line, reports
from checks.reference_pages import write_row
from checks.waiting import seconds_until
from contract.inside_report import InsideReport

SUBSCRIBED = "cacheClear.subscribed"
MEMBERS = "database.members"


@check(
    "inside.nodes",
    "every node finds all in order when it looks around from inside",
    listed_nodes=True,
)
def nodes(cluster: Cluster) -> Held:
    found = reports(cluster)
    broken = {instance_id: _faults(report) for instance_id, report in found.items()}
    if any(broken.values()):
        raise BrokenPromiseError("\n".join(each for lines in broken.values() for each in lines))
    return Held(
        evidence="; ".join(
            f"{instance_id}: {report.sum()}" for instance_id, report in found.items()
        )
    )


@check(
    "inside.subscribers",
    "as many nodes receive cache clears as live by the table of heartbeats",
    listed_nodes=True,
)
def subscribers(cluster: Cluster) -> Held:
    """The broker's own count takes a JMS client to ask for; each node's JVM knows its own part."""
    found = reports(cluster)
    if all(line(report, SUBSCRIBED).verdict == "skip" for report in found.values()):
        raise NotTriedError(
            "no node knows whether it is subscribed: mode stock, or a listener of the tree's own"
        )
    receiving = [i for i, report in found.items() if line(report, SUBSCRIBED).verdict == "pass"]
    live = {int(line(report, MEMBERS).figures.get("live_nodes", 0)) for report in found.values()}
    seen = (
        f"{len(receiving)} receive clears ({', '.join(receiving) or 'none'}), {_counts(live)} live"
    )
    if live != {len(receiving)}:
        raise BrokenPromiseError(seen)
    return Held(evidence=seen, figures={"subscribed": len(receiving)})


@check(
    "inside.heard",
    "every node sends, and what one sends every node receives and can follow",
    listed_nodes=True,
)
def received(cluster: Cluster) -> Held:
    """By the nodes' own figures, so it is tried on any ERP: a new visitor is a row that is sent."""
    clears = ClearCounts.begin(cluster)
    _have_nodes_send(cluster)
    time.sleep(cluster.limits.figures_s)
    _wait_until_each_sent(clears)
    _wait_until_received(clears)
    clears.look_at_rest()
    if clears.not_followed:
        lost = ", ".join(f"{count} at {each}" for each, count in clears.not_followed.items())
        raise BrokenPromiseError(
            f"{clears}; not followed: {lost}, whose log says why (`cannot be followed`)"
        )
    return Held(evidence=str(clears), figures={"told": clears.sent})


def _have_nodes_send(cluster: Cluster) -> None:
    with a_visitor_at_each_node(cluster) as visitors:
        if cluster.has_reference_pages:
            for visitor in visitors.values():
                write_row(visitor, f"check-{secrets.token_hex(4)}", "sent")


def _wait_until_each_sent(clears: ClearCounts) -> None:
    """Each node by itself: one that is mute is not seen by what the others send."""
    asked = [node.instance_id for node in clears.cluster.outputs.nodes]

    def mute() -> list[str]:
        return [each for each in asked if clears.sent_by.get(each, 0) < 1]

    def all_sent() -> bool:
        clears.look()
        return not mute()

    limit_s = clears.cluster.limits.fresh_s
    try:
        seconds_until(all_sent, within_s=limit_s)
    except TimeoutError as error:
        if len(mute()) == len(asked):
            raise NotTriedError(
                "no node had anything to send: a new visitor writes no row here that nodes cache "
                "(stats.persist.visitor in serverstats.properties). Or none of them sends: see the "
                "line cacheClear.sends of each"
            ) from error
        raise BrokenPromiseError(
            f"{', '.join(mute())} sent nothing within {limit_s:g} s of a new visitor's row, and "
            f"the others did: {clears}"
        ) from error


def _wait_until_received(clears: ClearCounts) -> None:
    sent = clears.sent

    def by_all() -> bool:
        clears.look()
        return min(clears.received.values()) >= sent and not clears.missing

    limit_s = clears.cluster.limits.fresh_s
    try:
        seconds_until(by_all, within_s=limit_s)
    except TimeoutError as error:
        missing = "".join(f"; {each}" for each in clears.missing)
        raise BrokenPromiseError(
            f"{clears}, {limit_s:g} s after {sent} were sent{missing}"
        ) from error


def _counts(live: set[int]) -> str:
    return " or ".join(str(count) for count in sorted(live))


def _faults(report: InsideReport) -> list[str]:
    return [
        f"{report.instance_id} {result.name}: {result.evidence}\n  -> {result.advice}"
        for result in report.results
        if result.verdict == "fail"
    ]
