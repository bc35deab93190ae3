"""Many visitors at once, each asking for the next page when the last one has come."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass

import httpx


@dataclass(frozen=True)
class Visits:
    """What so many visitors got in so many seconds."""

    visitors: int
    seconds: float
    statuses: Counter[int]
    """0 for a request without an answer."""
    longest_s: float

    @property
    def pages_a_second(self) -> float:
        """Pages that were answered with 200."""
        return self.statuses[200] / self.seconds

    def __str__(self) -> str:
        return (
            f"{self.visitors} visitors: {self.pages_a_second:.0f} pages/s, longest "
            f"{self.longest_s:.1f} s, answers {dict(self.statuses)}"
        )


def visit(url: str, visitors: int, seconds: float, *, limit_s: float = 60) -> Visits:
    """Requests that began within `seconds`, each waited for `limit_s` at most."""
    return asyncio.run(_visit(url, visitors, seconds, limit_s))


async def _visit(url: str, visitors: int, seconds: float, limit_s: float) -> Visits:
    statuses: Counter[int] = Counter()
    longest_s = 0.0
    started = time.monotonic()

    async def one() -> None:
        nonlocal longest_s
        # A connection of its own, as a browser's: it waits where the others wait.
        async with httpx.AsyncClient(timeout=limit_s, verify=False) as client:  # noqa: S501 - a test's own certificate
            while time.monotonic() - started < seconds:
                asked = time.monotonic()
                try:
                    statuses[(await client.get(url)).status_code] += 1
                except httpx.TransportError:
                    statuses[0] += 1
                longest_s = max(longest_s, time.monotonic() - asked)

    await asyncio.gather(*(one() for _ in range(visitors)))
    return Visits(visitors, time.monotonic() - started, statuses, longest_s)
