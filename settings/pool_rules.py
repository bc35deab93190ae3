"""The rules of a node's connection pool, which hold on every platform.

The first line of a rule's docstring is the rule, as docs/settings.md prints it.
"""

from typing import Protocol

from contract.faults import Fault
from contract.request_threads import (
    CONNECTIONS_A_THREAD,
    OTHER_THREADS,
    REQUEST_THREADS_MIN,
    pool_needed,
    threads_of_pool,
)


class Pool(Protocol):
    """What a node keeps open to the database."""

    @property
    def pool_min(self) -> int: ...

    @property
    def pool_max(self) -> int: ...


class Threads(Protocol):
    """What a node does besides requests."""

    @property
    def job_threads(self) -> int: ...


class Pooled(Protocol):
    """Settings of a platform, as far as the rules read them."""

    @property
    def database(self) -> Pool: ...

    @property
    def nodes(self) -> Threads: ...


def pool_bounds_are_in_order(settings: Pooled) -> list[Fault]:
    """`database.poolMin` ≤ `database.poolMax`."""
    database = settings.database
    if database.pool_min <= database.pool_max:
        return []
    return [
        Fault(
            place=("database", "poolMin"),
            others=(("database", "poolMax"),),
            problem=f"poolMin {database.pool_min} is more than poolMax {database.pool_max}",
            hint=f"Set poolMin to {database.pool_max} at most.",
        )
    ]


def pool_feeds_the_threads(settings: Pooled) -> list[Fault]:
    """`database.poolMax` ≥ (4 request threads + `nodes.jobThreads` + 4 others) × 2 + 1."""
    pool, jobs = settings.database.pool_max, settings.nodes.job_threads
    needed = pool_needed(job_threads=jobs)
    if pool >= needed:
        return []
    return [
        Fault(
            place=("database", "poolMax"),
            others=(("nodes", "jobThreads"),),
            problem=f"too small a pool: a thread holds up to {CONNECTIONS_A_THREAD} connections at "
            f"once, so ({REQUEST_THREADS_MIN} request threads + jobThreads {jobs} + "
            f"{OTHER_THREADS} others) × {CONNECTIONS_A_THREAD - 1} + 1 = {needed}, and poolMax is "
            f"{pool}; with fewer, requests wait for each other's connections",
            hint=f"Raise database.poolMax to {needed} at least"
            + (f", or lower nodes.jobThreads to {most}." if (most := _jobs_of(pool)) > 0 else "."),
        )
    ]


def _jobs_of(pool: int) -> int:
    """The most job threads that such a pool feeds."""
    return threads_of_pool(pool) - REQUEST_THREADS_MIN - OTHER_THREADS
