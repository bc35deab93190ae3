"""One function a row of the table: what is done to a site, and what is counted."""

import json
import math
import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx

from tests.benchmark.site import Site
from tests.cluster_component.faulty_cluster import FaultyCluster
from tests.support.reference_node import ReferenceNode
from tests.support.reference_nodes import start_together
from tests.support.server_process import wait_until

ROWS = "/reference/rows/"
FRESH_LIMIT_S = 10.0
CLIENTS = 8
ATTEMPT_CYCLE_S = 5
"""Longer than the sender's longest pause between two attempts (CacheClearSender.java)."""
WARM_REQUESTS = 400
ATTEMPTS = 5
"""To send, of the resilient sender: between two it waits, up to three seconds."""


@dataclass(frozen=True, kw_only=True)
class Effort:
    """How often each thing is done; less of it where only the way is tried."""

    pairs: int = 150
    warm_up_pairs: int = 50
    pairs_within_s: float = 45
    """Then the slow mode may stop, once it has twice the `fewest_pairs`."""
    fewest_pairs: int = 10
    warm_ups: int = 5
    writes: int = 100
    writes_in_outage: int = 20
    peer_writes: int = 200
    broker_kills: int = 3
    failing_writes: int = 1000
    subscribers: int = 50
    writes_per_second: int = 1000
    seconds: int = 10


@dataclass(frozen=True, kw_only=True)
class Overhead:
    """Medians of a transaction of 100 rows."""

    untold_ms: float
    told_ms: float
    ratio: float
    """Median over the pairs, so that a machine whose load changes distorts it the least."""
    pairs: int


@dataclass(frozen=True, kw_only=True)
class Outage:
    """Writes of one row, with a broker and while none answers."""

    normal_ms: float
    failed: int
    tried: int
    took_ms: float
    """Median from request to answer, whatever the answer was."""
    logged_in: bool

    @property
    def ratio(self) -> float:
        return self.took_ms / self.normal_ms


@dataclass(frozen=True, kw_only=True)
class Freshness:
    """From a write's answer to the first fresh answer of the peer."""

    median_ms: float
    p99_ms: float
    never: int


@dataclass(frozen=True, kw_only=True)
class Kills:
    """Of the live broker, while writers write on both nodes."""

    kills: int
    stale: int
    """Cached values that differ from the database once a broker is back for ten seconds."""
    fresh_within_s: float


@dataclass(frozen=True, kw_only=True)
class Leak:
    """Threads of the writing JVM that its writes without a broker left behind."""

    writes: int
    attempts: int
    """To publish, all of them in vain; the resilient sender does not try at every write."""
    threads: int


@dataclass(frozen=True, kw_only=True)
class FanOut:
    """What `fan-out` of the reference node printed, and the broker's share of one processor."""

    subscribers: int
    writes_per_second: float
    failures: int
    median_ms: float
    p99_ms: float
    deepest_queue: int
    dropped: int
    missing: int
    broker_cpu: float


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One mode, one run."""

    overhead: Overhead
    outage: Outage
    freshness: Freshness
    kills: Kills
    leak: Leak
    fan_out: FanOut | None
    """None where nobody pretends to be fifty nodes."""


def measure(site: Site, effort: Effort) -> Measured:
    """All of it, in an order in which no measurement leaves the next one worse off."""
    return Measured(
        overhead=transaction_overhead(site, effort),
        freshness=peer_freshness(site, effort),
        kills=killed_brokers(site, effort),
        fan_out=fan_out(site, effort),
        outage=outage(site, effort),
        leak=leaked_threads(site, effort),
    )


def transaction_overhead(site: Site, effort: Effort) -> Overhead:
    """The same transaction in turn with and without telling the peer."""
    ends = time.monotonic() + effort.pairs_within_s
    taken: list[tuple[float, float]] = []
    while len(taken) < effort.warm_up_pairs + effort.pairs:
        if time.monotonic() > ends and len(taken) >= 2 * effort.fewest_pairs:
            break
        taken.append(_pair(site, told_first=len(taken) % 2 == 0))
    # Whatever the time allowed, the JVM's first ones do not count.
    return overhead_of(taken[min(effort.warm_up_pairs, len(taken) // 2) :])


def overhead_of(pairs: Sequence[tuple[float, float]]) -> Overhead:
    """Of pairs in milliseconds, `(without a cache clear, with it)`."""
    return Overhead(
        untold_ms=statistics.median(untold for untold, _ in pairs),
        told_ms=statistics.median(told for _, told in pairs),
        ratio=statistics.median(told / untold for untold, told in pairs),
        pairs=len(pairs),
    )


def _pair(site: Site, *, told_first: bool) -> tuple[float, float]:
    """Milliseconds of the transaction without a cache clear, and of the one with it.

    Neither always comes second, when the machine still works off the first.
    """
    if told_first:
        told = _transaction_ms(site, "")
        return _transaction_ms(site, "&tell=nobody"), told
    return _transaction_ms(site, "&tell=nobody"), _transaction_ms(site, "")


def _transaction_ms(site: Site, tell: str) -> float:
    site.settle()
    answer = site.writer.http.put(f"{ROWS}many?rows=100{tell}", content=str(time.monotonic()))
    return float(answer.raise_for_status().json()["commitMs"])


def peer_freshness(site: Site, effort: Effort) -> Freshness:
    """The peer has the old value cached before each write."""
    took: list[float] = []
    never = 0
    for number in range(effort.warm_ups + effort.peer_writes):
        site.reader.http.get(f"{ROWS}fresh").raise_for_status()
        site.writer.http.put(f"{ROWS}fresh", content=str(number)).raise_for_status()
        fresh_s = _seconds_until_fresh(site.reader, str(number))
        if fresh_s is None:
            never += 1
        elif number >= effort.warm_ups:
            took.append(fresh_s * 1000)
    return Freshness(median_ms=statistics.median(took), p99_ms=quantile(took, 0.99), never=never)


def killed_brokers(site: Site, effort: Effort) -> Kills:
    """Values that are stale ten seconds after the other broker took over, over all kills."""
    cluster = FaultyCluster(site.nodes, site.brokers, seed=0)
    stale, slowest_s = 0, 0.0
    for _ in range(effort.broker_kills):
        cluster.run_outage()
        began = time.monotonic()
        left = _stale_after_limit(site, cluster)
        slowest_s = max(slowest_s, time.monotonic() - began)
        stale += left
    return Kills(kills=effort.broker_kills, stale=stale, fresh_within_s=slowest_s)


def fan_out(site: Site, effort: Effort) -> FanOut:
    """The nodes are down meanwhile: the simulated subscribers are all that listen."""
    for node in site.nodes:
        node.stop()
    before_s = site.brokers.live.cpu_seconds()
    began = time.monotonic()
    ended = site.writer.run(
        "fan-out",
        f"subscribers={effort.subscribers}",
        f"writes={effort.writes_per_second}",
        f"seconds={effort.seconds}",
        system_properties=site.writer.system_properties,
    )
    took_s = time.monotonic() - began
    cpu_s = site.brokers.live.cpu_seconds() - before_s
    assert ended.returncode == 0, ended.stdout + ended.stderr
    said = json.loads(ended.stdout.splitlines()[-1])
    start_together(*site.nodes)
    return FanOut(
        subscribers=said["subscribers"],
        writes_per_second=said["writesPerSecond"],
        failures=said["failures"],
        median_ms=said["medianMs"],
        p99_ms=said["p99Ms"],
        deepest_queue=said["deepestQueue"],
        dropped=said["droppedToClearAll"],
        missing=said["missing"],
        broker_cpu=cpu_s / took_s,
    )


def outage(site: Site, effort: Effort) -> Outage:
    """Leaves the brokers dead."""
    site.settle()
    normal = [_timed_write(site.writer)[0] for _ in range(effort.warm_ups + effort.writes)]
    site.brokers.standby.kill()
    site.brokers.live.kill()
    tried = [_timed_write(site.writer) for _ in range(effort.writes_in_outage)]
    return Outage(
        normal_ms=statistics.median(normal[effort.warm_ups :]) * 1000,
        failed=sum(not written for _, written in tried),
        tried=len(tried),
        took_ms=statistics.median(took for took, _ in tried) * 1000,
        logged_in=_logs_in(site.writer),
    )


def leaked_threads(site: Site, effort: Effort) -> Leak:
    """The brokers are dead already."""
    with ThreadPoolExecutor(CLIENTS) as clients:
        # So that the web server's own threads are there.
        list(clients.map(lambda _: site.writer.http.get("/reference/node"), range(WARM_REQUESTS)))
        before = _fewest_threads(site.writer)
        written = list(
            clients.map(lambda _: _timed_write(site.writer)[1], range(effort.failing_writes))
        )
    attempts = written.count(False)
    if site.mode == "resilient":
        wait_until("it was tried", lambda: _failed_attempts(site) >= ATTEMPTS, within_s=120)
        attempts = _failed_attempts(site)
    after = _fewest_threads(site.writer)
    return Leak(writes=len(written), attempts=attempts, threads=max(0, after - before))


def _timed_write(node: ReferenceNode) -> tuple[float, bool]:
    """Seconds from request to answer, and whether it was written."""
    began = time.monotonic()
    answer = node.http.put(f"{ROWS}single", content=str(began))
    return time.monotonic() - began, answer.status_code == httpx.codes.OK


def _logs_in(node: ReferenceNode) -> bool:
    """What a log-in does: a session, and a row that says who came."""
    session = node.http.put("/reference/session/user", content="admin")
    visit = node.http.put(f"{ROWS}visit", content="admin")
    return session.status_code == visit.status_code == httpx.codes.OK


def _seconds_until_fresh(node: ReferenceNode, value: str) -> float | None:
    began = time.monotonic()
    while (took := time.monotonic() - began) < FRESH_LIMIT_S:
        if node.http.get(f"{ROWS}fresh").json()["value"] == value:
            return time.monotonic() - began
    return None if took >= FRESH_LIMIT_S else took


def _stale_after_limit(site: Site, cluster: FaultyCluster) -> int:
    until = time.monotonic() + FRESH_LIMIT_S
    while True:
        left = len(cluster.stale(site.postgres, site.database.name))
        if left == 0 or time.monotonic() > until:
            return left


def _fewest_threads(node: ReferenceNode) -> int:
    """A connection that is being made or closed has threads of its own, until they are idle."""
    until = time.monotonic() + ATTEMPT_CYCLE_S
    fewest = _threads(node)
    while time.monotonic() < until:
        time.sleep(ATTEMPT_CYCLE_S / 100)
        fewest = min(fewest, _threads(node))
    return fewest


def _threads(node: ReferenceNode) -> int:
    return int(str(node.state()["threads"]))


def _failed_attempts(site: Site) -> int:
    return int(str(site.writer.state()["cacheClearFailures"]))


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of them do not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]
