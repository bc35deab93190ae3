"""What a resource may be given: names, kinds and what is required, as the SDK's classes say."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.engine.doubles.aws.codec import Secret, Unknown
from tests.engine.doubles.aws.errors import NotServedError

_TABLE = json.loads(Path(__file__).with_name("known_inputs.json").read_text(encoding="utf-8"))

VERSIONS: Mapping[str, str] = _TABLE["versions"]
"""Of the SDKs whose classes the table was made of, by the name of their plugin."""

ENGINES_OWN = frozenset({"__defaults", "version", "pluginDownloadURL"})

_LEAVES = {
    "text": (str, bool, int, float),
    # The provider turns a number's text into the number.
    "number": (int, float, str),
    "truth": (bool, str),
}


def resource(type_: str) -> Mapping[str, Any]:
    """Known inputs, required inputs and computed outputs of a type."""
    if type_ not in _TABLE["resources"]:
        raise NotServedError(
            f"The double of AWS does not serve {type_}. Add it to served_types.py and write "
            "known_inputs.json again."
        )
    found: Mapping[str, Any] = _TABLE["resources"][type_]
    return found


def faults(type_: str, inputs: Mapping[str, Any]) -> list[str]:
    """What the released provider would refuse in a check, each with its place."""
    return [f"{type_}: {fault}" for fault in _faults_of(resource(type_), inputs, "")]


def _faults_of(known: Mapping[str, Any], given: Mapping[str, Any], at: str) -> Iterator[str]:
    for name in sorted(set(known["required"]) - set(given)):
        yield f"{at}{name} is required and missing"
    for name, value in given.items():
        if name in ENGINES_OWN and not at:
            continue
        if name in known["inputs"]:
            yield from _faults_in(known["inputs"][name], value, f"{at}{name}")
        else:
            yield f"{at}{name} is no argument; there are {', '.join(known['inputs'])}"


def _faults_in(kind: Any, value: Any, at: str) -> Iterator[str]:
    if isinstance(value, Secret):
        yield from _faults_in(kind, value.inner, at)
    elif isinstance(value, Unknown) or value is None or kind == "any":
        return
    elif isinstance(kind, dict):
        yield from _faults_in_many(kind, value, at)
    elif kind in _LEAVES:
        if not isinstance(value, _LEAVES[kind]):
            yield f"{at} is a {type(value).__name__}; must be a {kind}"
    elif not isinstance(value, dict):
        yield f"{at} is a {type(value).__name__}; must be a block"
    else:
        yield from _faults_of(_TABLE["blocks"][kind], value, f"{at}.")


def _faults_in_many(kind: Mapping[str, Any], value: Any, at: str) -> Iterator[str]:
    if "list" in kind and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _faults_in(kind["list"], item, f"{at}[{index}]")
    elif "map" in kind and isinstance(value, dict):
        for key, item in value.items():
            yield from _faults_in(kind["map"], item, f"{at}.{key}")
    else:
        yield f"{at} is a {type(value).__name__}; must be a {next(iter(kind))}"
