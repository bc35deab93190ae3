"""The one base of every model that crosses a wall."""

from contract.documented import Documented


class Contract(Documented):
    """Frozen, closed to unknown keys, camelCase in JSON and snake_case in Python."""
