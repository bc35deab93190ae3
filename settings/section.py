"""The base of every section of a stack's settings."""

from contract.documented import Documented


class Section(Documented):
    """Frozen, closed to unknown keys, camelCase in a stack file and snake_case here."""
