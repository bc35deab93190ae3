"""Models whose fields are described by the text below them."""

import ast
import inspect
from textwrap import dedent
from typing import Any

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema


class Documented(BaseModel):
    """The text below a field is its description in the JSON schema.

    It is read when a schema is asked for and not, as pydantic would, at every import: that took
    half of the time until settings are loaded. Frozen, closed to unknown keys, camelCase in files
    and snake_case in Python.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        defer_build=True,
    )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        schema = handler(core_schema)
        properties = handler.resolve_ref_schema(schema).get("properties", {})
        for model in reversed(cls.__mro__[: cls.__mro__.index(Documented)]):
            if _is_filled_in(model):
                continue
            for name, text in _texts_below_fields(model).items():
                properties[str(cls.model_fields[name].alias)]["description"] = text
        return schema


def _is_filled_in(model: type) -> bool:
    """Whether it is a generic model with its types, which has no source of its own."""
    return "[" in model.__name__


def _texts_below_fields(model: type) -> dict[str, str]:
    """Field → the text literal that follows it in the class's source."""
    (definition,) = ast.parse(dedent(inspect.getsource(model))).body
    if not isinstance(definition, ast.ClassDef):
        return {}
    texts = {}
    for field, below in zip(definition.body, definition.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            match below:
                case ast.Expr(value=ast.Constant(value=str(text))):
                    texts[field.target.id] = inspect.cleandoc(text)
    return texts
