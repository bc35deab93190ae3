"""The states of a row of the table of heartbeats: the one place that spells them."""

from enum import StrEnum

from psycopg import sql

from node import membership


class NodeState(StrEnum):
    """What the row says of its node."""

    STARTING = "starting"
    """It is entered; its keeper has not spoken yet."""
    ALIVE = membership.ALIVE
    DRAINING = membership.DRAINING
    DEAD = "dead"
    """Declared so by another node."""
    LEFT = "left"
    """It ended in order, and no node was there to take over its finished job rows."""


WORKING = (NodeState.ALIVE, NodeState.DRAINING)
"""Its keeper beats."""
GONE = (NodeState.DEAD, NodeState.LEFT)
"""Nothing but a new run of the node leads out of them."""


def named(*states: NodeState) -> sql.Composed:
    """`'dead', 'left'`: for a list in a statement."""
    return sql.SQL(", ").join(sql.Literal(state.value) for state in states)
