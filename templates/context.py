"""The base of every context: a frozen model that says which template it fills."""

from dataclasses import dataclass
from typing import ClassVar

from templates.output_kind import OutputKind


@dataclass(frozen=True, kw_only=True)
class Context:
    """What one template may name. A subclass is the only context its template takes.

    Secrets are declared with `field(repr=False)`.
    """

    template: ClassVar[str]
    """Path below `templates/`."""
    kind: ClassVar[OutputKind]
