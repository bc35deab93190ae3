"""What a check is: a promise, a function that tries it, and the two ways it can end badly."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from checks.cluster import Cluster


class BrokenPromiseError(Exception):
    """The promise does not hold; the message is the evidence: what was seen, and where."""


class NotTriedError(Exception):
    """The promise could not be tried on this cluster; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Held:
    """The promise holds. `evidence` says what was seen; figures have their unit in the key."""

    evidence: str
    figures: Mapping[str, float] = field(default_factory=dict)


Trial = Callable[[Cluster], Held]


@dataclass(frozen=True, kw_only=True)
class Check:
    """One promise. `name` is `<theme>.<promise>`; the theme is its module."""

    name: str
    promise: str
    trial: Trial
    needs_reference_pages: bool
    """It asks for pages that the reference node alone has."""
    needs_listed_nodes: bool
    """It holds the cluster against the nodes that its outputs list; on AWS servers come and go."""
    is_fault: bool
    """It breaks something, and mends it again."""

    @property
    def theme(self) -> str:
        return self.name.partition(".")[0]


def check(
    name: str,
    promise: str,
    *,
    reference_pages: bool = False,
    listed_nodes: bool = False,
    fault: bool = False,
) -> Callable[[Trial], Check]:
    """Makes a function the trial of a promise.

    It returns Held, or raises BrokenPromiseError or NotTriedError.
    """

    def of(trial: Trial) -> Check:
        return Check(
            name=name,
            promise=promise,
            trial=trial,
            needs_reference_pages=reference_pages,
            needs_listed_nodes=listed_nodes or fault,
            is_fault=fault,
        )

    return of
