"""What visitors go through while the cluster recovers, try by try."""

import secrets
import time
from dataclasses import dataclass, field, replace

import httpx

from checks import evidence
from checks.answering_node import answering_node
from checks.check import BrokenPromiseError, NotTriedError
from checks.cluster import Cluster
from checks.inside import received
from checks.reference_pages import read_row, write_row
from checks.visitor import Visitor
from checks.waiting import seconds_until


@dataclass
class Recovery:
    """Writes, by one node after the other, until one succeeds and reaches every node."""

    visitors: dict[str, Visitor]
    clear_lost_s: float
    """A clear that has not come by then is lost; the next write is the next try."""
    key: str = field(default_factory=lambda: f"check-{secrets.token_hex(4)}")
    started: float = field(default_factory=time.monotonic)
    tries: int = 0
    failed_writes: int = 0
    lost_clears: int = 0
    slowest_answer_s: float = 0
    first_write_s: float | None = None
    fresh_s: float | None = None
    last: str = "nothing was tried"

    def try_once(self) -> bool:
        """One write; true when it was made and every other node serves it."""
        writer = list(self.visitors)[self.tries % len(self.visitors)]
        self.tries += 1
        value = f"try {self.tries}"
        asked_at = time.monotonic()
        try:
            for visitor in self.visitors.values():
                read_row(visitor, self.key)
            write_row(self.visitors[writer], self.key, value)
        except (BrokenPromiseError, httpx.HTTPError) as error:
            self.failed_writes += 1
            self.last = f"{writer}: {evidence.of_error(error)}"
            return False
        finally:
            self.slowest_answer_s = max(self.slowest_answer_s, time.monotonic() - asked_at)
        if self.first_write_s is None:
            self.first_write_s = time.monotonic() - self.started
        try:
            seconds_until(lambda: self._all_read(value), within_s=self.clear_lost_s)
        except (TimeoutError, BrokenPromiseError, httpx.HTTPError) as error:
            self.lost_clears += 1
            self.last = f"{writer} wrote {value!r}, not all read it: {evidence.of_error(error)}"
            return False
        self.fresh_s = time.monotonic() - self.started
        return True

    def _all_read(self, value: str) -> bool:
        return all(read_row(visitor, self.key).value == value for visitor in self.visitors.values())

    def figures(self) -> dict[str, float]:
        return {
            "first_write_s": round(self.first_write_s or 0, 2),
            "fresh_s": round(self.fresh_s or 0, 2),
            "slowest_answer_s": round(self.slowest_answer_s, 2),
            "failed_writes": self.failed_writes,
            "lost_clears": self.lost_clears,
        }

    def __str__(self) -> str:
        counts = (
            f"{self.failed_writes} of {self.tries} writes failed, {self.lost_clears} clears lost"
        )
        if self.fresh_s is None:
            return f"{counts}; last: {self.last}"
        return (
            f"first write after {self.first_write_s:.1f} s, fresh after {self.fresh_s:.1f} s; "
            f"{counts}"
        )


@dataclass
class ReceivedAgain:
    """The same where no page writes and reads a row: until each node receives what any sends."""

    cluster: Cluster
    started: float = field(default_factory=time.monotonic)
    tries: int = 0
    received_s: float | None = None
    last: str = "nothing was tried"

    def try_once(self) -> bool:
        """New visitors at every node; true when every node received their clears."""
        self.tries += 1
        limits = self.cluster.limits
        # A clear that has not come by then is lost; the next try makes new ones.
        impatient = replace(limits, fresh_s=limits.clear_lost_s + limits.figures_s)
        try:
            self.last = received.trial(replace(self.cluster, limits=impatient)).evidence
        except (BrokenPromiseError, NotTriedError, httpx.HTTPError) as error:
            self.last = evidence.of_error(error)
            return False
        self.received_s = time.monotonic() - self.started
        return True

    def figures(self) -> dict[str, float]:
        return {"heard_s": round(self.received_s or 0, 2)}

    def __str__(self) -> str:
        if self.received_s is None:
            return f"{self.tries} tries; last: {self.last}"
        return (
            f"every node received from all others again within {self.received_s:.1f} s; {self.last}"
        )


@dataclass
class Move:
    """A visitor whose node is gone asks again until another one answers."""

    cluster: Cluster
    visitor: Visitor
    away_from: str
    refused: list[str] = field(default_factory=list)
    arrived_at: str | None = None

    def try_once(self) -> bool:
        try:
            answered_by = answering_node(self.cluster, self.visitor)
        except (BrokenPromiseError, httpx.HTTPError) as error:
            self.refused.append(evidence.of_error(error))
            return False
        if answered_by == self.away_from:
            self.refused.append(f"still answered by {answered_by}")
            return False
        self.arrived_at = answered_by
        return True

    def __str__(self) -> str:
        if self.arrived_at is None:
            return f"{len(self.refused)} requests, the last: {self.refused[-1]}"
        return f"its visitor landed on {self.arrived_at} after {len(self.refused)} failed requests"
