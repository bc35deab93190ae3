"""Times that a node takes and no setting changes: the node keeps them, the platforms count them."""

from typing import Final

DATABASE_WAIT_S: Final = 120
"""How long a node that starts waits for a database that does not answer yet."""

WARM_UP_S: Final = 120
"""How long a node waits for its own first page before visitors come; then it serves all the same,
as a slow first page is better than no node."""
