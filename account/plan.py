"""The plan of a stack as a preview has it: what would be made, and with what."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class PlannedResource:
    """One resource of AWS. `inputs` are in camelCase; what is not known before an update is no
    text that can be compared."""

    type: str
    """Pulumi's token, as `aws:ec2/eip:Eip`."""
    name: str
    """The logical name."""
    component: str
    """Type of the component that it is a part of, as `scipio:aws:Nat`; empty: of none."""
    inputs: Mapping[str, Any]


@dataclass(frozen=True)
class Plan:
    """Everything of AWS that the first update of a stack would make."""

    resources: tuple[PlannedResource, ...]

    def __iter__(self) -> Iterator[PlannedResource]:
        return iter(self.resources)

    def of_type(self, token: str) -> tuple[PlannedResource, ...]:
        """Those of exactly that token."""
        return tuple(each for each in self if each.type == token)

    def types(self) -> frozenset[str]:
        """The tokens that occur."""
        return frozenset(each.type for each in self)


def resource_of(urn: str, inputs: Mapping[str, Any]) -> PlannedResource:
    """From a URN `urn:pulumi:<stack>::<project>::<parents' types$type>::<name>`."""
    _, _, chain, name = urn.split("::", maxsplit=3)
    parents, _, type_ = chain.rpartition("$")
    component = parents.rsplit("$", maxsplit=1)[-1]
    return PlannedResource(type=type_, name=name, component=component, inputs=inputs)


def plan_of(resources: Iterable[PlannedResource]) -> Plan:
    """The plan, less what is not of AWS."""
    return Plan(tuple(each for each in resources if each.type.startswith("aws:")))
