"""What one node writes, the others do not serve from an old copy."""

import secrets
import statistics
import time

from checks.answering_node import a_visitor_at_each_node
from checks.check import BrokenPromiseError, Held, NotTriedError, check
from checks.cluster import Cluster
from checks.nodes import once_subscribed
from checks.reference_pages import (
    read_row,
    read_row_in_database,
    write_row,
)
from checks.visitor import Visitor
from checks.waiting import seconds_until

WRITES = 30
POLL_S = 0.001
"""Finer than the time of a request, which is what bounds the resolution of the figures."""


@check(
    "cache_clear.fresh",
    "a write on one node makes every other node's cached copy fresh",
    reference_pages=True,
    listed_nodes=True,
)
def fresh(cluster: Cluster) -> Held:
    if len(cluster.outputs.nodes) < 2:
        raise NotTriedError("one node has no others to send to")
    key = f"check-{secrets.token_hex(4)}"
    late_ms: list[float] = []
    commit_ms: list[float] = []
    with a_visitor_at_each_node(cluster) as visitors:
        # Whether they receive is another promise; here they get their time for it.
        once_subscribed(cluster, visitors)
        names = list(visitors)
        write_row(visitors[names[0]], key, "before")
        for number in range(WRITES):
            writer = names[number % len(names)]
            for name in names:
                _have_cached(cluster, visitors[name], key)
            commit_ms.append(write_row(visitors[writer], key, f"write {number}").commit_ms)
            late_ms += _ms_until_fresh(cluster, visitors, writer, key, f"write {number}")
    figures = {
        "median_ms": round(statistics.median(late_ms), 1),
        "p99_ms": round(percentile(late_ms, 99), 1),
        "max_ms": round(max(late_ms), 1),
        "commit_median_ms": round(statistics.median(commit_ms), 1),
    }
    return Held(
        evidence=f"{WRITES} writes, {len(late_ms)} copies, all fresh: median "
        f"{figures['median_ms']} ms after the write's answer, at most {figures['max_ms']} ms",
        figures=figures,
    )


def percentile(values: list[float], percent: int) -> float:
    """The smallest of `values` that `percent` of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def _have_cached(cluster: Cluster, visitor: Visitor, key: str) -> None:
    """The visitor's node answers from its cache: only then can its copy be an old one."""
    limit_s = cluster.limits.fresh_s
    try:
        seconds_until(lambda: read_row(visitor, key).cached, within_s=limit_s, poll_s=POLL_S)
    except TimeoutError as error:
        page = read_row(visitor, key)
        raise BrokenPromiseError(
            f"{page.instance_id} does not keep row {key} in its cache, read again and again for "
            f"{limit_s:g} s"
        ) from error


def _ms_until_fresh(
    cluster: Cluster, visitors: dict[str, Visitor], writer: str, key: str, value: str
) -> list[float]:
    """How long after the write's answer each other node served it; its writer must at once."""
    answered_at = time.monotonic()
    own = read_row(visitors[writer], key)
    if own.value != value:
        raise BrokenPromiseError(
            f"{writer} answered the write {value!r} of row {key}, then read {own.value!r}"
        )
    took: dict[str, float] = {}
    waiting = [name for name in visitors if name != writer]

    def all_fresh() -> bool:
        for name in list(waiting):
            if read_row(visitors[name], key).value == value:
                took[name] = (time.monotonic() - answered_at) * 1000
                waiting.remove(name)
        return not waiting

    try:
        seconds_until(all_fresh, within_s=cluster.limits.fresh_s, poll_s=POLL_S)
    except TimeoutError as error:
        stale = "; ".join(_stale(visitors[name], key) for name in waiting)
        raise BrokenPromiseError(
            f"{cluster.limits.fresh_s:g} s after {writer} wrote {value!r} to row {key}: {stale}"
        ) from error
    return list(took.values())


def _stale(visitor: Visitor, key: str) -> str:
    page = read_row(visitor, key)
    real = read_row_in_database(visitor, key)
    return (
        f"{page.instance_id} still serves {page.value!r} "
        f"({'from its cache' if page.cached else 'not from its cache'}); "
        f"in the database it reads {real.value!r}"
    )
