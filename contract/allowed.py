"""What a model allows at a place, said in words: for error messages and for reference pages.

Reads a model's JSON schema, so a bound is written once, in the model.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel

from contract.patterns import meaning_of

Schema = Mapping[str, Any]

_CHOICES_SHOWN = 24
"""A longer list of choices is not read anyway; schema and reference page have it whole."""

_SECONDS_IN = {"day": 86_400, "hour": 3600, "minute": 60}


@cache
def schema_of(model: type[BaseModel]) -> Schema:
    """The JSON schema of `model`, with the keys a document uses."""
    return model.model_json_schema(by_alias=True)


def resolved(node: Schema, root: Schema) -> Schema:
    """The node that a `$ref` names, or the node itself."""
    while "$ref" in node:
        node = root["$defs"][node["$ref"].removeprefix("#/$defs/")]
    return node


def without_null(node: Schema, root: Schema) -> Schema:
    """What a nullable node allows besides null."""
    node = resolved(node, root)
    choices = [choice for choice in node.get("anyOf", ()) if choice.get("type") != "null"]
    return without_null(choices[0], root) if len(choices) == 1 else node


def child(node: Schema, part: str | int, root: Schema) -> Schema | None:
    """The node of a key or of a list's element; None where the model knows no such place."""
    node = without_null(node, root)
    if isinstance(part, int):
        items = node.get("items")
        return resolved(items, root) if isinstance(items, Mapping) else None
    named = node.get("properties", {}).get(part)
    found = named or next(iter(node.get("patternProperties", {}).values()), None)
    return None if found is None else resolved(found, root)


def of_key(node: Schema, root: Schema) -> Schema | None:
    """What the keys of a section must be whose keys a person chooses; None for any other."""
    pattern = next(iter(without_null(node, root).get("patternProperties", {})), None)
    return None if pattern is None else {"type": "string", "pattern": pattern}


def variant(node: Schema, tag: str | int, root: Schema) -> Schema | None:
    """The one of several models that `tag` selects; None where `node` has no such choice."""
    mapping = without_null(node, root).get("discriminator", {}).get("mapping", {})
    return resolved({"$ref": mapping[tag]}, root) if tag in mapping else None


def in_words(node: Schema, root: Schema, key: str = "") -> str:
    """One phrase that completes "must be …". A `key` that ends in `S` holds seconds."""
    node = resolved(node, root)
    if "anyOf" in node:
        return ", or ".join(in_words(choice, root, key) for choice in node["anyOf"])
    if "oneOf" in node:
        return _section_with_variants(node)
    if "const" in node or "enum" in node:
        return _choice(node)
    match node.get("type"):
        case "integer":
            words = f"a whole number{_range(node, key)}"
        case "number":
            words = f"a number{_range(node, key)}"
        case "string":
            words = _text(node)
        case "array":
            words = _list(node, root)
        case "object":
            words = _section(node)
        case "boolean":
            words = "true or false"
        case other:
            words = str(other or "any value")
    return words


def _choice(node: Schema) -> str:
    if "const" in node:
        return _literal(node["const"])
    choices = [_literal(choice) for choice in node["enum"]]
    if len(choices) > _CHOICES_SHOWN:
        first, last = ", ".join(choices[:3]), choices[-1]
        return f"one of {len(choices)} names: {first}, … {last}"
    return "one of " + ", ".join(choices)


def _literal(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def _range(node: Schema, key: str) -> str:
    if "minimum" in node and "maximum" in node:
        return f" from {_bound(node['minimum'], key)} to {_bound(node['maximum'], key)}"
    bounds = [
        f"{words} {_bound(node[bound], key)}"
        for bound, words in (
            ("minimum", "at least"),
            ("exclusiveMinimum", "more than"),
            ("maximum", "at most"),
            ("exclusiveMaximum", "less than"),
        )
        if bound in node
    ]
    return f" of {' and '.join(bounds)}" if bounds else ""


def _bound(value: int, key: str) -> str:
    if key.endswith("S") and not key.isupper():
        for unit, seconds in _SECONDS_IN.items():
            if value >= seconds and value % seconds == 0:
                count = value // seconds
                return f"{value} ({count} {unit}{'s' if count > 1 else ''})"
    return str(value)


def _text(node: Schema) -> str:
    words, example = meaning_of(node["pattern"]) if "pattern" in node else ("text", None)
    if "maxLength" in node:
        words += f", at most {node['maxLength']} characters"
    if "minLength" in node:
        words += f", at least {node['minLength']} characters"
    example = node.get("examples", [example])[0]
    return words if example is None else f'{words}, for example "{example}"'


def _list(node: Schema, root: Schema) -> str:
    least = node.get("minItems", 0)
    size = "" if least == 0 else f" with at least {least} element{'s' if least > 1 else ''}"
    return f"a list{size}, each {in_words(node.get('items', {}), root)}"


def _section(node: Schema) -> str:
    if "patternProperties" in node:
        ((pattern, value),) = node["patternProperties"].items()
        return f"a section of your own keys ({meaning_of(pattern).words}), each {_text(value)}"
    keys = ", ".join(node.get("properties", {}))
    return f"a section with keys of its own ({keys})" if keys else "a section with keys of its own"


def _section_with_variants(node: Schema) -> str:
    discriminator = node["discriminator"]
    tags = ", ".join(_literal(tag) for tag in discriminator["mapping"])
    return f"a section whose {discriminator['propertyName']} is one of {tags}"
