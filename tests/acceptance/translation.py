"""What the program registers, in Terraform's JSON: the same arguments, the same references."""

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.acceptance.schema import RENAMED, Block, Schema, argument_of, snake_case
from tests.support.aws_stand_ins import hexadecimal
from tests.support.recorder import Recording, Registration

Json = dict[str, Any]

PROVIDER = "pulumi:providers:aws"

NEWER = {"region"}
"""Arguments of every resource that a provider before version 6 does not have yet."""

NEWER_FORMS = {
    "aws:secretsmanager/secretRotation:SecretRotation": "rotationEnabled",
    "aws:lb/listenerRule:ListenerRule": "conditions.pathPattern.regexValues",
}
"""Token → the argument without which such a resource cannot be made: a provider that does not take
it, as 5.100, cannot turn off the rotation of a secret that RDS owns, and compares no path with a
regular expression (tests/components/aws/test_load_balancer.py holds those against AWS's API)."""

BASE64 = {"user_data"}
"""Arguments that hold text in base64, with references in it."""

SHORTEST_REFERENCE = 8
"""Shorter outputs are found in other texts by chance."""


@dataclass
class Translation:
    """Terraform's configuration, and what could not be said in it."""

    resources: dict[str, Json] = field(default_factory=dict)
    """Type → label → arguments."""
    unknown: list[str] = field(default_factory=list)
    """Arguments that the provider does not have, each with its place."""
    labels: dict[str, str] = field(default_factory=dict)
    """URN → `type.label`."""


def translated(recording: Recording, schema: Schema) -> Translation:
    """Everything of AWS in the recording."""
    made = Translation()
    resources = said_here(recording, schema)
    for each in resources:
        made.labels[each.urn] = f"{schema.type_of(each.type)}.{label(each.name)}"
    by_urn = {each.urn: each for each in resources}
    for each in resources:
        type_, name = made.labels[each.urn].split(".")
        block = schema.types[type_]
        inputs = {
            RENAMED.get(type_, {}).get(key, key): value
            for key, value in each.inputs.items()
            if key not in NEWER or argument_of(block, key)
        }
        words = _Words(_references(each, by_urn, made.labels, schema))
        body = _block(block, inputs, each.name, words, made.unknown)
        _name_automatically(body, block, each)
        body["provider"] = f"aws.{label(each.provider.split('::')[-2])}"
        made.resources.setdefault(type_, {})[name] = (
            body | _waiting(each, made.labels) | _ignoring(each, block)
        )
    return made


def said_here(recording: Recording, schema: Schema) -> list[Registration]:
    """Everything of AWS that this provider's version has a form for."""
    return [
        each
        for each in recording
        if each.custom and each.type.startswith("aws:") and _has_a_form(each, schema)
    ]


def _has_a_form(of: Registration, schema: Schema) -> bool:
    newer = NEWER_FORMS.get(of.type)
    if newer is None or not _is_given(of.inputs, newer.split(".")):
        return True
    return _is_taken(schema.types[schema.type_of(of.type)], newer.split("."))


def _is_given(value: Any, place: Sequence[str]) -> bool:
    """Whether anything stands there, in any element of the lists on the way."""
    if isinstance(value, list):
        return any(_is_given(each, place) for each in value)
    if not place:
        return value is not None
    return isinstance(value, dict) and place[0] in value and _is_given(value[place[0]], place[1:])


def _is_taken(block: Block, place: Sequence[str]) -> bool:
    """Whether the provider has an argument there that can be set."""
    name = argument_of(block, place[0])
    if name is None:
        return False
    if len(place) > 1:
        return _is_taken(block["block_types"][name]["block"], place[1:])
    return bool(block["attributes"][name].get("optional"))


def providers(recording: Recording) -> list[Json]:
    """The default provider, which nothing uses, and those of the program with their tags."""
    own = [
        {
            "alias": label(each.name),
            "region": each.inputs["region"],
            "default_tags": [json.loads(each.inputs["defaultTags"])],
        }
        for each in recording.of_type(PROVIDER)
    ]
    return [{"region": own[0]["region"]}, *own]


def label(name: str) -> str:
    """A logical name as Terraform lets one write it."""
    return re.sub(r"\W", "_", name)


def _waiting(of: Registration, labels: Mapping[str, str]) -> Json:
    waits_for = sorted(labels[urn] for urn in of.depends_on if urn in labels)
    return {"depends_on": waits_for} if waits_for else {}


def _ignoring(of: Registration, block: Block) -> Json:
    ignored = sorted(filter(None, (argument_of(block, each) for each in of.ignore_changes)))
    return {"lifecycle": {"ignore_changes": ignored}} if ignored else {}


def _references(
    of: Registration,
    by_urn: Mapping[str, Registration],
    labels: Mapping[str, str],
    schema: Schema,
) -> dict[str, list[str]]:
    """Text of an output that it depends on → how Terraform refers to that output.

    A name that two of them share is the one's whose type the argument is called after. An input
    that itself is an output of another (a validation's certificate) is passed on.
    """
    found: dict[str, list[str]] = {}
    passed_on: dict[str, list[str]] = {}
    for urn in sorted(of.depends_on & by_urn.keys()):
        source = by_urn[urn]
        block = schema.types[labels[urn].split(".")[0]]
        given = _references(source, by_urn, labels, schema)
        for key, value in {**source.outputs, "id": source.id}.items():
            name = argument_of(block, key)
            own = key not in source.inputs
            if name and (own or str(value) in given):
                for text, place in _texts(value, f"{labels[urn]}.{name}"):
                    (found if own else passed_on).setdefault(text, []).append(f"${{{place}}}")
    return passed_on | found


def _texts(value: Any, place: str) -> Iterator[tuple[str, str]]:
    """Every text in an output, and where Terraform has it; there, some lists are sets."""
    if isinstance(value, str) and len(value) >= SHORTEST_REFERENCE:
        yield value, place
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _texts(each, f"tolist({place})[{index}]")
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _texts(each, f"{place}.{snake_case(key)}")


class _Words:
    """Texts with the outputs of other resources replaced by references to them."""

    def __init__(self, references: Mapping[str, list[str]]) -> None:
        self._references = references
        longest_first = sorted(references, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def referring(self, text: str, argument: str = "") -> str:
        """Text in which only our references are templates."""
        literal = text.replace("${", "$${").replace("%{", "%%{")
        return self._pattern.sub(lambda found: self._reference(found[0], argument), literal)

    def _reference(self, text: str, argument: str) -> str:
        candidates = self._references[text]
        kinds = {each: "_".join(each.split(".")[0].split("_")[-2:]) for each in candidates}
        return next((each for each in candidates if kinds[each] in argument), candidates[0])

    def in_base64(self, text: str) -> str:
        """The same for a text that arrives in base64."""
        try:
            opened = base64.b64decode(text, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return self.referring(text)
        return f"${{base64encode({json.dumps(self.referring(opened))})}}"


def _block(
    block: Block, given: Mapping[str, Any], at: str, words: _Words, unknown: list[str]
) -> Json:
    found: Json = {}
    for key, value in given.items():
        if value is None:
            continue
        name = argument_of(block, key)
        if name is None:
            unknown.append(f"{at}.{key}")
        elif name in block.get("block_types", {}):
            inner = block["block_types"][name]["block"]
            many = value if isinstance(value, list) else [value]
            found[name] = [_block(inner, each, f"{at}.{name}", words, unknown) for each in many]
        else:
            found[name] = _attribute(block["attributes"][name], name, value, words)
    return found


def _attribute(attribute: Mapping[str, Any], name: str, value: Any, words: _Words) -> Any:
    keys_are_ours = isinstance(attribute.get("type"), list) and attribute["type"][0] == "map"

    def converted(item: Any) -> Any:
        if isinstance(item, dict):
            return {
                key if keys_are_ours else snake_case(key): converted(each)
                for key, each in item.items()
            }
        if isinstance(item, list):
            return [converted(each) for each in item]
        if not isinstance(item, str):
            return item
        return words.in_base64(item) if name in BASE64 else words.referring(item, name)

    listed = isinstance(attribute.get("type"), list) and attribute["type"][0] in {"list", "set"}
    return [converted(value)] if listed and not isinstance(value, list) else converted(value)


def _name_automatically(body: Json, block: Block, of: Registration) -> None:
    """As Pulumi does: the logical name and some random digits."""
    if {"name", "name_prefix"} & body.keys():
        return
    for argument in {"name", "alarm_name", "broker_name"} - body.keys():
        attribute = block["attributes"].get(argument, {})
        if attribute.get("required") or attribute.get("optional"):
            body[argument] = f"{of.name}-{hexadecimal(of.name, 7)}"
