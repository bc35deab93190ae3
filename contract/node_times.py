"""Times that a node takes and no setting changes: the node keeps them, the platforms count them."""

from typing import Final

DATABASE_WAIT_S: Final = 120
"""How long a node that starts waits for a database that does not answer yet."""

WARM_UP_S: Final = 120
"""How long a node waits for its own first page before visitors come; then it serves all the same,
as a slow first page is better than no node."""

POOL_WAIT_S: Final = 10
"""How long a thread of the JVM waits for a connection of the pool; then its request fails and gives
back what it holds. By the rule of `contract.request_threads` one is free at once, unless code nests
deeper than the stock ERP's or keeps a connection for ever."""

POOL_STUCK_S: Final = 60
"""A whole pool that stands idle in transaction for so long comes back no more: its threads would
have given up after `POOL_WAIT_S`. The JVM is ended, as one that does not answer."""
