"""The one base of every model that crosses a wall."""

from pydantic import ConfigDict
from pydantic.alias_generators import to_camel

from contract.documented import Documented


class Contract(Documented):
    """Frozen, closed to unknown keys, camelCase in JSON and snake_case in Python."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        defer_build=True,
    )
