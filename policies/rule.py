"""What a rule is, and what it says when it is broken."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Profile = Literal["local", "dev", "staging", "prod"]

Inputs = Mapping[str, Any]
"""Of one resource, with the engine's own names; secrets are opened."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One value that breaks a rule: where it stands, what was seen, and what changes it."""

    place: str
    """Within the inputs, as `blockDeviceMappings[0].ebs.encrypted`."""
    seen: str
    change: str

    def __str__(self) -> str:
        return f"{self.place} is {self.seen}. {self.change}"


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One resource of a stack."""

    type: str
    name: str
    inputs: Inputs


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A promise about every single resource. What is not known yet breaks none."""

    name: str
    """Lower case with hyphens: the name of the policy in the pack."""
    promise: str
    """One sentence."""
    faults: Callable[[str, Inputs], list[Fault]]


@dataclass(frozen=True, kw_only=True)
class StackRule:
    """A promise about the stack as a whole."""

    name: str
    promise: str
    faults: Callable[[Sequence[Resource]], list[Fault]]


def only(
    *types: str,
) -> Callable[[Callable[[Inputs], list[Fault]]], Callable[[str, Inputs], list[Fault]]]:
    """For rules about some types: resources of any other have no fault."""

    def deciding(check: Callable[[Inputs], list[Fault]]) -> Callable[[str, Inputs], list[Fault]]:
        def faults(type_: str, inputs: Inputs) -> list[Fault]:
            return check(inputs) if type_ in types else []

        return faults

    return deciding
