"""The JSON schema of a stack file, for editors: `python -m settings.schema --write`."""

import sys
from collections.abc import Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from contract.generated_files import run_command
from contract.json_schema import DIALECT, as_text, published_schema
from settings.config_keys import PROJECT
from settings.platforms import MODELS, PlatformName, profiles_of, section_model
from settings.profiles import defaults, profile_names

FILE = Path(__file__).parent / "stack.schema.json"

PULUMI_KEYS: Mapping[str, Mapping[str, Any]] = {
    "secretsprovider": {
        "type": "string",
        "description": "What encrypts this stack's secrets; Pulumi writes it.",
    },
    "encryptedkey": {
        "type": "string",
        "description": "The stack's key, encrypted by a cloud's key service; Pulumi writes it.",
    },
    "encryptionsalt": {
        "type": "string",
        "description": "Salt and check value of the passphrase; Pulumi writes it.",
    },
    "environment": {
        "type": ["array", "object"],
        "description": "Pulumi ESC environments that add to this configuration.",
    },
}
"""What Pulumi itself keeps in a stack file besides `config`."""

_PROFILE = f"{PROJECT}:profile"

_Models = dict[str, dict[str, Any]]


def stack_schema() -> dict[str, Any]:
    """A whole stack file: what a profile's table fills in may be left out.

    The profile decides which platform's keys there may be.
    """
    models: _Models = {}
    configs = {platform: _config(platform, models) for platform in MODELS}
    return {
        "$schema": DIALECT,
        "title": "A stack of a Scipio cluster",
        "type": "object",
        "properties": {
            "config": {
                "type": "object",
                "properties": {_PROFILE: {"enum": list(profile_names())}},
                "required": [_PROFILE],
                "allOf": [
                    {"if": _names_one_of(profiles_of(platform)), "then": config}
                    for platform, config in configs.items()
                ],
            },
            **PULUMI_KEYS,
        },
        "required": ["config"],
        "additionalProperties": False,
        "$defs": models,
    }


def _names_one_of(profiles: Sequence[str]) -> dict[str, Any]:
    return {"properties": {_PROFILE: {"enum": list(profiles)}}, "required": [_PROFILE]}


def _config(platform: PlatformName, models: _Models) -> dict[str, Any]:
    """The keys of one platform; the models they refer to are added to `models`."""
    schema = deepcopy(published_schema(MODELS[platform]))
    own = schema["$defs"]
    properties = {}
    lacking = []
    for key, node in schema["properties"].items():
        properties[f"{PROJECT}:{key}"] = _with_description(node, own)
        model = own.get(_model_name(node) or "")
        if model is None:
            continue
        _leave_out_defaults(own, node, [defaults(name)[key] for name in profiles_of(platform)])
        _describe_defaults(model, key, platform)
        if "required" in model:
            lacking.append(f"{PROJECT}:{key}")
    models |= own
    return {
        "properties": properties,
        "required": lacking,
        "patternProperties": {
            f"^(?!{PROJECT}:)[^:]+:.+$": {
                "description": "Configuration of a provider, such as docker:host."
            }
        },
        "additionalProperties": False,
    }


def _model_name(node: Mapping[str, Any]) -> str | None:
    reference = node.get("$ref")
    return None if reference is None else str(reference).removeprefix("#/$defs/")


def _leave_out_defaults(
    models: _Models, node: Mapping[str, Any], tables: Sequence[Mapping[str, Any]]
) -> None:
    """Keys that every table fills in are no longer required, in sections of sections too."""
    name = _model_name(node)
    if name is None or not all(isinstance(table, Mapping) for table in tables):
        return
    model = models[name]
    required = [
        key for key in model.pop("required", ()) if not all(key in table for table in tables)
    ]
    if required:
        model["required"] = required
    for key, inner in model["properties"].items():
        if all(key in table for table in tables):
            _leave_out_defaults(models, inner, [table[key] for table in tables])


def _describe_defaults(model: dict[str, Any], section: str, platform: PlatformName) -> None:
    """Each key's description ends with its default in every profile that has the same section."""
    tables = {
        profile: defaults(profile)[section]
        for other in MODELS
        if section_model(other, section) is section_model(platform, section)
        for profile in profiles_of(other)
    }
    for key, node in model["properties"].items():
        values = [
            f"{_plain(table[key])} ({name})" for name, table in tables.items() if key in table
        ]
        default = f"Default: {', '.join(values)}." if values else "It has no default."
        node["description"] = f"{node.get('description', '')} {default}".strip()


def _plain(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_plain(inner)}" for key, inner in value.items()) or "empty"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return str(value)


def _with_description(node: Mapping[str, Any], models: _Models) -> dict[str, Any]:
    name = _model_name(node)
    return dict(node) if name is None else {**node, "description": models[name]["description"]}


if __name__ == "__main__":
    sys.exit(run_command("settings.schema", __doc__ or "", {FILE: as_text(stack_schema())}))
