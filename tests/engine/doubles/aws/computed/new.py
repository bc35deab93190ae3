"""A resource that is being made, and what an answer to it is."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.engine.doubles.aws.surroundings import Surroundings

Inputs = Mapping[str, Any]
Answer = tuple[str, dict[str, Any]]
"""Id and computed outputs."""

MADE_AT = "2026-01-01T00:00:00Z"

SHORTLY_NAMED = ("aws:lb/loadBalancer:LoadBalancer", "aws:lb/targetGroup:TargetGroup")


@dataclass(frozen=True)
class New:
    """One resource that is being made, with its secrets in clear."""

    type: str
    name: str
    inputs: Inputs
    where: Surroundings

    def digits(self, count: int) -> str:
        """Hexadecimal digits that no other resource has."""
        return uuid.uuid4().hex[:count]

    def arn(self, service: str, resource: str, *, everywhere: bool = False) -> str:
        """An ARN in this account and region."""
        return self.where.arn(service, resource, everywhere=everywhere)

    def physical_name(self, argument: str = "name") -> str:
        """The name given, or the prefix given with the provider's 26 digits."""
        if argument in self.inputs:
            return str(self.inputs[argument])
        prefix = self.inputs.get(f"{argument}Prefix") or self.inputs.get("namePrefix")
        longest = 32 if self.type in SHORTLY_NAMED else 255
        return f"{prefix or 'terraform-'}{uuid.uuid4().int % 10**26:026d}"[:longest]


Answers = Mapping[str, Callable[[New], Answer]]
"""By the resource's type."""


def named(service: str, kind: str, separator: str = ":") -> Callable[[New], Answer]:
    """The answer of services whose ids are names."""

    def made(new: New) -> Answer:
        name = new.physical_name()
        return name, {"name": name, "arn": new.arn(service, f"{kind}{separator}{name}")}

    return made
