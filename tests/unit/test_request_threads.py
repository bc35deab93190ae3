"""The rule of threads and connections: with it some thread always gets on, without it none may."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.request_threads import (
    CONNECTIONS_A_THREAD,
    OTHER_THREADS,
    REQUEST_THREADS_MIN,
    connections_at_most,
    pool_needed,
    request_threads,
    requests_waiting,
    threads_of_pool,
)
from settings.profiles import defaults, profile_names


def holdings(threads: int, most: int) -> Iterator[tuple[int, ...]]:
    """Every way in which so many threads may hold connections, up to `most` each, in order."""
    if threads == 0:
        yield ()
        return
    for held in range(most + 1):
        for others in holdings(threads - 1, held):
            yield (held, *others)


def all_wait(held: tuple[int, ...], pool: int) -> bool:
    """Whether each thread holds one connection at least and wants one more, and none is free."""
    wanting = all(0 < each < CONNECTIONS_A_THREAD for each in held)
    return wanting and sum(held) == pool


@pytest.mark.parametrize("threads", range(1, 8))
def test_a_pool_by_the_rule_is_never_held_by_threads_that_all_wait(threads: int) -> None:
    """All states of few threads; and with one connection less there is one in which all wait."""
    pool = threads * (CONNECTIONS_A_THREAD - 1) + 1
    assert threads_of_pool(pool) == threads
    states = list(holdings(threads, CONNECTIONS_A_THREAD))
    assert not any(all_wait(held, pool) for held in states)
    assert any(all_wait(held, pool - 1) for held in states)


@given(st.integers(2, 1000), st.integers(1, 100))
def test_threads_and_pool_follow_from_each_other(pool: int, jobs: int) -> None:
    threads = request_threads(pool_max=pool, job_threads=jobs)
    least = pool_needed(job_threads=jobs)
    assert threads >= REQUEST_THREADS_MIN
    if pool >= least:
        assert threads + jobs + OTHER_THREADS == threads_of_pool(pool)
        assert pool_needed(job_threads=jobs, threads=threads) in (pool, pool - 1)
    assert connections_at_most(threads) == threads + requests_waiting(threads)


def test_the_profiles_serve_as_many_requests_as_the_documents_say() -> None:
    threads = {
        name: request_threads(
            pool_max=table["database"]["poolMax"], job_threads=table["nodes"]["jobThreads"]
        )
        for name in profile_names()
        for table in (defaults(name),)
    }
    assert threads == {"local": 10, "dev": 10, "staging": 20, "prod": 20}
