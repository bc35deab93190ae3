"""The rows of the table, measured inside nodes of the ERP: its engine, its listener, its log-in."""

import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from pydantic import BaseModel, TypeAdapter

from automation.console import say
from checks.waiting import seconds_until
from tests.benchmark.erp.administration import Administration, NoAnswerError
from tests.benchmark.erp.site import ErpSite
from tests.benchmark.measurements import (
    ATTEMPTS,
    FRESH_LIMIT_S,
    Effort,
    Freshness,
    Kills,
    Leak,
    Measured,
    Outage,
    Overhead,
    overhead_of,
    quantile,
)

Figures = TypeVar("Figures", Overhead, Freshness, Kills, Outage, Leak)

ROWS = 100
CHURN_ROWS = 60
AT_ONCE = 50
"""Of writes in one request: the answer is a header."""

PAIRS_AT_ONCE = 20
WITHIN_S = 40
"""In one request: the transaction of its page lasts a minute."""

OUTAGE_S = 5.0
LOOKS = 10
SEEN = TypeAdapter(list[int | None])
PAIRS = TypeAdapter(list[tuple[float, float]])


EFFORT = Effort(pairs=120, warm_up_pairs=200, pairs_within_s=200, writes=200, failing_writes=200)
"""A node's JVM compiles for a long time. In mode stock each failing write leaves a thread, and a
node dies of too many."""

SETTLE_MS, WARM_UP_SETTLE_MS = 600, 200
"""For the peer, which reads 100 messages on the same two cores."""

WARM_UP_WITHIN_S = 80


class Writes(BaseModel):
    """What `writes` of the program says: milliseconds, microseconds of the machine's clock."""

    ms: list[float]
    at: list[int]
    failed: int
    error: str | None


class Churn(BaseModel):
    """What `churn` of the program says."""

    written: int
    failed: int


class State(BaseModel):
    """What `state` of the program says."""

    threads: int
    failures: int


def measure(site: ErpSite, effort: Effort) -> Measured:
    """All of it; at the end the brokers run again."""
    rows = {"many": ROWS, "single": 1, "fresh": 1, "churn": CHURN_ROWS}
    for row, count in rows.items():
        site.writer.run("seed", row=row, rows=count)
    try:
        return Measured(
            overhead=_said("100 rows", transaction_overhead(site, effort)),
            freshness=_said("a fresh peer", peer_freshness(site, effort)),
            kills=_said("killed brokers", killed_brokers(site, effort)),
            outage=_said("an outage", outage(site, effort)),
            leak=_said("threads", leaked_threads(site, effort)),
            fan_out=None,
        )
    finally:
        site.start_brokers()


def _said(what: str, figures: Figures) -> Figures:
    say(f"  {what}: {figures}", "dim")
    return figures


def transaction_overhead(site: ErpSite, effort: Effort) -> Overhead:
    """The same transaction in turn with and without telling the peer."""
    _pairs(site, effort.warm_up_pairs, settle_ms=WARM_UP_SETTLE_MS, within_s=WARM_UP_WITHIN_S)
    pairs = _pairs(site, effort.pairs, settle_ms=SETTLE_MS, within_s=effort.pairs_within_s)
    return overhead_of(pairs)


def _pairs(
    site: ErpSite, count: int, *, settle_ms: int, within_s: float
) -> list[tuple[float, float]]:
    """So many, or fewer once the time is over."""
    ends = time.monotonic() + within_s
    taken: list[tuple[float, float]] = []
    while len(taken) < count and time.monotonic() < ends:
        said = site.writer.run(
            "pairs", pairs=PAIRS_AT_ONCE, rows=ROWS, settleMs=settle_ms, withinMs=WITHIN_S * 1000
        )
        taken.extend(PAIRS.validate_python(said))
    return taken


def peer_freshness(site: ErpSite, effort: Effort) -> Freshness:
    """From the commit on one node to the first fresh read on the other, by one clock."""
    took: list[float] = []
    never = 0
    for begin in range(0, AT_ONCE + effort.peer_writes, AT_ONCE):
        with ThreadPoolExecutor(1) as reader:
            watch = {
                "row": "fresh-0",
                "first": begin,
                "count": AT_ONCE,
                "withinMs": WITHIN_S * 1000,
            }
            seen = reader.submit(site.reader.run, "watch", **watch)
            time.sleep(1)
            written = _writes(site.writer, "fresh-0", first=begin, pause_ms=40)
            seen_at = SEEN.validate_python(seen.result())
        if begin == 0:
            continue
        for committed, fresh in zip(written.at, seen_at, strict=True):
            if fresh is None:
                never += 1
            else:
                took.append(max(0, fresh - committed) / 1000)
    return Freshness(median_ms=statistics.median(took), p99_ms=quantile(took, 0.99), never=never)


def killed_brokers(site: ErpSite, effort: Effort) -> Kills:
    """Both die while both nodes write and read, and come back; who is stale after ten seconds."""
    stale, slowest_s = 0, 0.0
    for _ in range(effort.broker_kills):
        with _churning(site):
            time.sleep(OUTAGE_S)
            site.kill_brokers()
            time.sleep(OUTAGE_S)
            site.start_brokers()
            back_at = time.monotonic()
            time.sleep(OUTAGE_S / 2)
        while (left := _stale(site)) and time.monotonic() < back_at + FRESH_LIMIT_S:
            time.sleep(0.2)
        slowest_s = max(slowest_s, time.monotonic() - back_at)
        stale += left
    return Kills(kills=effort.broker_kills, stale=stale, fresh_within_s=slowest_s)


@contextmanager
def _churning(site: ErpSite) -> Iterator[None]:
    """Both nodes write and read while this is entered. Raises NoAnswerError when one did not."""
    until = time.monotonic_ns()
    with ThreadPoolExecutor(len(site.nodes)) as writers:
        churns = [
            writers.submit(node.run, "churn", row="churn", rows=CHURN_ROWS, until=until)
            for node in site.nodes
        ]
        try:
            yield
        finally:
            for node in site.nodes:
                node.run("stop", until=until)
    for churn in churns:
        said = Churn.model_validate(churn.result())
        if not said.written:
            raise NoAnswerError(f"churn: a node wrote nothing, {said.failed} writes failed")


def outage(site: ErpSite, effort: Effort) -> Outage:
    """Leaves the brokers dead."""
    normal = _many_writes(site.writer, effort.writes)
    site.kill_brokers()
    tried = _writes_in_outage(site.writer, effort)
    with Administration.visited(site.cluster) as somebody:
        logged_in = somebody.log_in(site.password)
    return Outage(
        normal_ms=statistics.median(write for writes in normal for write in writes.ms),
        failed=sum(writes.failed for writes in tried),
        tried=sum(len(writes.ms) for writes in tried),
        took_ms=statistics.median(write for writes in tried for write in writes.ms),
        logged_in=logged_in,
    )


def _writes_in_outage(node: Administration, effort: Effort) -> list[Writes]:
    """As many as with a broker; few where they fail, since each leaves a thread."""
    few = _writes(node, "single-0", count=effort.writes_in_outage, pause_ms=20)
    return [few] if few.failed else _many_writes(node, effort.writes)


def leaked_threads(site: ErpSite, effort: Effort) -> Leak:
    """The brokers are dead already."""
    before = _state(site.writer)
    written = _many_writes(site.writer, effort.failing_writes, pause_ms=0)
    attempts = sum(writes.failed for writes in written)
    if not attempts:
        seconds_until(lambda: _attempts(site, before) >= ATTEMPTS, within_s=120)
        attempts = _attempts(site, before)
    # A connection that is being made or closed has threads of its own for a moment.
    after = min(_state(site.writer).threads for _ in range(LOOKS))
    return Leak(
        writes=effort.failing_writes, attempts=attempts, threads=max(0, after - before.threads)
    )


def _many_writes(node: Administration, count: int, *, pause_ms: int = 20) -> list[Writes]:
    return [_writes(node, "single-0", pause_ms=pause_ms) for _ in range(0, count, AT_ONCE)]


def _writes(
    node: Administration, row: str, *, pause_ms: int, first: int = 0, count: int = AT_ONCE
) -> Writes:
    said = node.run("writes", row=row, first=first, count=count, pauseMs=pause_ms)
    return Writes.model_validate(said)


def _state(node: Administration) -> State:
    return State.model_validate(node.run("state"))


def _attempts(site: ErpSite, before: State) -> int:
    return _state(site.writer).failures - before.failures


def _stale(site: ErpSite) -> int:
    asked = (node.run("stale", row="churn", rows=CHURN_ROWS) for node in site.nodes)
    return sum(int(str(stale)) for stale in asked)
