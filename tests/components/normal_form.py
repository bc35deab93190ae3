"""A recording without what is drawn anew in every run: the same program gives the same text."""

import base64
import json
import re
from pathlib import Path
from typing import Any

import yaml

from tests.components.rules import generated_secrets
from tests.support.recorder import Inputs, Recording, Registration

ROOT = Path(__file__).resolve().parents[2]
PROVIDER = "__provider"

_DRAWN_OUTPUTS = {
    "CertificateAuthority": ("certificate_pem",),
    "ServerCertificate": ("certificate_pem",),
    "Image": ("repoDigest",),
    "NameSuffix": ("value",),
    "StateMark": ("value", "place", "made"),
}
"""What is no secret and differs all the same."""


_CONTENT_TAG = re.compile(r"[0-9a-f]{12,64}")
"""Of an image that is tagged by what is in it: another one whenever a file of it changes."""


def normal_form(recording: Recording) -> dict[str, dict[str, Any]]:
    """Each registration's inputs by URN; drawn values are replaced by their names."""
    drawn = _drawn(recording)
    return {each.urn: _named(_readable(each, each.inputs), drawn) for each in recording}


def reviewable(recording: Recording) -> str:
    """All registrations as text for a person: a block each, secret texts only as `<secret>`."""
    drawn = _drawn(recording)
    names = {each.urn: _title(each) for each in recording}
    blocks = {
        names[each.urn]: {
            "parent": names[each.parent] if each.parent else None,
            "options": _options(each),
            "waits for": sorted(names[urn] for urn in each.depends_on),
            "inputs": _named(_readable(each, _hidden(each)), drawn),
        }
        for each in recording
    }
    return yaml.dump(
        {name: _without_empty(block) for name, block in sorted(blocks.items())},
        Dumper=_Reviewable,
        sort_keys=False,
        allow_unicode=True,
        width=100,
    )


def _options(registration: Registration) -> dict[str, Any]:
    """What the engine is told beside the inputs, where it differs from what is usual: a provider is
    named where it is not that of the whole stack.
    """
    provider = registration.provider.rpartition("::")[0].rpartition("::")[2]
    options = {
        "protect": registration.protect,
        "retain on delete": registration.retain_on_delete,
        "delete before replace": registration.delete_before_replace,
        "ignore changes": sorted(registration.ignore_changes),
        "provider": provider if not provider.endswith("-provider") else "",
    }
    return _without_empty(options)


def _readable(registration: Registration, inputs: dict[str, Any]) -> dict[str, Any]:
    """User data as text, and what is JSON within a text as what it says."""
    if registration.type == "aws:ec2/launchTemplate:LaunchTemplate":
        text = base64.b64decode(inputs["userData"]).decode()
        inputs = {**inputs, "userData": text, "description": "<digest of userData>"}
    return {key: _parsed(value) for key, value in inputs.items()}


def _parsed(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(("{", "[")):
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            return value
    return value


def _kind(registration: Registration) -> str:
    return registration.type.split(":")[-1]


def _title(registration: Registration) -> str:
    """AWS's services have kinds of one name, and components are called as what they are for."""
    kind, name = _kind(registration), registration.name
    if registration.type.startswith("aws:"):
        kind = f"{registration.type.split(':')[1].split('/')[0]} {kind}"
    return f"{kind} {name}"


def _drawn(recording: Recording) -> dict[str, str]:
    """Names by value that differs from run to run, longest first: one may be part of another."""
    values = {value: f"<{name}>" for name, value in generated_secrets(recording).items()}
    for each in recording:
        for key in _DRAWN_OUTPUTS.get(_kind(each), ()):
            values[each.outputs[key]] = f"<{each.name}.{key}>"
        if _kind(each) == "Image":
            tag = each.inputs["imageName"].rpartition(":")[2]
            values |= {tag: "<content>"} if _CONTENT_TAG.fullmatch(tag) else {}
    values |= {json.dumps(value)[1:-1]: name for value, name in values.items()}
    values[str(ROOT)] = "<project>"
    return dict(sorted(values.items(), key=lambda item: -len(item[0])))


def _named(value: Any, drawn: dict[str, str]) -> Any:
    if isinstance(value, str):
        for text, name in drawn.items():
            value = value.replace(text, name)
        return value
    if isinstance(value, list):
        return [_named(inner, drawn) for inner in value]
    if isinstance(value, dict):
        # The pickled provider is a reference to a class; its text says nothing to a reader.
        return {key: _named(inner, drawn) for key, inner in value.items() if key != PROVIDER}
    return value


def _hidden(registration: Registration, path: tuple[str | int, ...] = ()) -> Any:
    """The inputs with every secret value left out."""

    def hide(value: Any, path: tuple[str | int, ...]) -> Any:
        if registration.is_secret(*path):
            return "<secret>"
        if isinstance(value, dict):
            return {key: hide(inner, (*path, key)) for key, inner in sorted(value.items())}
        if isinstance(value, list):
            return [hide(inner, (*path, index)) for index, inner in enumerate(value)]
        return value

    return hide(registration.inputs, path)


def _without_empty(block: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in block.items() if value}


class _Reviewable(yaml.SafeDumper):
    """Texts of several lines stand as they are."""


def _as_block(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Reviewable.add_representer(str, _as_block)
_Reviewable.add_representer(Inputs, yaml.SafeDumper.represent_dict)
