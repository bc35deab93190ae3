"""JSON schemas as they are published: from the models, without noise, with what is meant."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def published_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The schema of `model` without generated titles; a key with one value only is required.

    So a document always says its version and a secret always says its store, as readers insist.
    """
    schema: dict[str, Any] = _tidy(model.model_json_schema(by_alias=True))
    return schema


def as_text(schema: Mapping[str, Any]) -> str:
    """The text of a schema file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _tidy(node: Any) -> Any:
    if isinstance(node, list):
        return [_tidy(element) for element in node]
    if not isinstance(node, dict):
        return node
    tidy = {key: _tidy_value(key, value) for key, value in node.items() if key != "title"}
    constants = [name for name, inner in tidy.get("properties", {}).items() if "const" in inner]
    if constants:
        required = tidy.get("required", [])
        tidy["required"] = [*(name for name in constants if name not in required), *required]
    return tidy


def _tidy_value(key: str, value: Any) -> Any:
    """Below `properties` and `$defs` are names of our own; one of them may well be `title`."""
    if key in ("properties", "$defs") and isinstance(value, dict):
        return {name: _tidy(inner) for name, inner in value.items()}
    if key == "description":
        return " ".join(str(value).split())
    return _tidy(value)
