"""The base of every section of a stack's settings."""

from pydantic import ConfigDict
from pydantic.alias_generators import to_camel

from contract.documented import Documented


class Section(Documented):
    """Frozen, closed to unknown keys, camelCase in a stack file and snake_case here."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        defer_build=True,
    )
