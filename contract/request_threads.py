"""How many threads of a node may serve requests, given its connection pool.

One rule for both platforms: a thread of the ERP holds its first connection while it waits for a
second and a third, so a pool that all threads can empty at their first or second connection never
gets one back. With `pool >= threads x (connections of a thread - 1) + 1` one connection is left
for a thread that waits, whatever the others hold: it ends, and gives back all of its own.
See docs/decisions/request-threads.md.
"""

from typing import Final

CONNECTIONS_A_THREAD: Final = 3
"""A request's own transaction; the one of a service with `require-new-transaction`, which suspends
it (ServiceDispatcher.java:334, LoginServices.java:309); in that one the bank of a sequence, or the
row of a scheduled job, in a transaction of its own again (SequenceUtil.java:194-197,
GenericAbstractDispatcher.java:80)."""

OTHER_THREADS: Final = 4
"""Of a node, beside requests and jobs: the job poller, the listener of the topic, the sender of
cache clears, and one service after a commit (ServiceSynchronization.java:119)."""

REQUEST_THREADS_MIN: Final = 4
"""Fewer would let one slow report and its reload stop a node."""

HEALTH_THREADS: Final = 2
"""Of the connector that answers health checks alone: the balancer's and the agent's. They ask for
a static file and take no connection."""

WAITING_A_THREAD: Final = 50
"""Requests that may wait for each request thread. At a quarter of a second a page the last one
waits for 12 s, and at one second for 50 s; beyond that no visitor is there any more."""


def request_threads(*, pool_max: int, job_threads: int) -> int:
    """`maxThreads` of the connector for visitors.

    A pool that is too small for the fewest gives the fewest all the same: settings refuse it, and
    a document of an older program must still start a node.
    """
    return max(REQUEST_THREADS_MIN, threads_of_pool(pool_max) - job_threads - OTHER_THREADS)


def threads_of_pool(pool_max: int) -> int:
    """How many threads may share a pool of this size without a deadlock."""
    return (pool_max - 1) // (CONNECTIONS_A_THREAD - 1)


def pool_needed(*, job_threads: int, threads: int = REQUEST_THREADS_MIN) -> int:
    """The smallest pool with which so many requests are served at once."""
    return (threads + job_threads + OTHER_THREADS) * (CONNECTIONS_A_THREAD - 1) + 1


def requests_waiting(threads: int) -> int:
    """How many more may wait for one node."""
    return threads * WAITING_A_THREAD


def connections_at_most(threads: int) -> int:
    """`maxConnections` of the connector: requests that are served, and those that wait."""
    return threads + requests_waiting(threads)
