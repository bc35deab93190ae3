"""The rule of a node's connection pool, which holds on every platform.

The first line of a rule's docstring is the rule, as docs/settings.md prints it.
"""

from typing import Protocol

from contract.faults import Fault


class Pool(Protocol):
    """What a node keeps open to the database."""

    @property
    def pool_min(self) -> int: ...

    @property
    def pool_max(self) -> int: ...


class Pooled(Protocol):
    """Settings of a platform, as far as the rule reads them."""

    @property
    def database(self) -> Pool: ...


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
