"""The arguments of a type: their shapes, what is needed, what a change of each means.

One table a type is the only source for checking, for comparing and for the error that names what
is supported.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from providers.docker.codec import UNKNOWN, Properties, Secret, Value


@dataclass(frozen=True)
class Text:
    """A text; `pattern` is what all of it must match, `rule` the same in words."""

    pattern: str = ""
    rule: str = "a text"


@dataclass(frozen=True)
class Whole:
    """A whole number within its bounds."""

    at_least: int = 0
    at_most: int | None = None


@dataclass(frozen=True)
class Truth:
    """True or false."""


@dataclass(frozen=True)
class ListOf:
    """A list; where `ordered` is false the same items in another order are no change."""

    item: "Shape"
    ordered: bool = True


@dataclass(frozen=True)
class MapOf:
    """A map from any key to items of one shape."""

    item: "Shape"


@dataclass(frozen=True)
class Record:
    """Named arguments; any other name is an error."""

    arguments: "Mapping[str, Argument]"


Shape: TypeAlias = "Text | Whole | Truth | ListOf | MapOf | Record"


@dataclass(frozen=True, kw_only=True)
class Argument:
    """One argument, and what a change of it means for what exists."""

    shape: Shape
    required: bool = False
    replaces: bool = True
    """A change needs a new one in place of the old; otherwise it is made, or kept, in place."""
    default: Value = field(default=None)
    """What leaving it out means: giving it explicitly is no change."""


def faults(record: Record, properties: Properties, owner: str) -> list[str]:
    """Everything wrong with some properties, one sentence each; secrets are never in them."""
    return list(_record_faults(record, properties, "", owner))


def _record_faults(record: Record, properties: Properties, where: str, owner: str) -> Iterator[str]:
    for name, value in properties.items():
        path = f"{where}.{name}" if where else name
        argument = record.arguments.get(name)
        if argument is None:
            yield _unsupported(path, name, record, owner)
        elif value is not None:
            yield from _faults(argument.shape, value, path, owner)
    for name, argument in record.arguments.items():
        if argument.required and properties.get(name) is None:
            path = f"{where}.{name}" if where else name
            yield f"argument '{path}' of {owner} is missing; must be {_rule(argument.shape)}"


def _unsupported(path: str, name: str, record: Record, owner: str) -> str:
    names = ", ".join(sorted(record.arguments))
    return (
        f"argument '{path}' of {owner} is not supported by the Docker provider of this project, "
        f"which stands in where the pulumi-docker plugin cannot be downloaded; "
        f"it knows here: {names}. Leave '{name}' out, or run where the plugin can be had."
    )


def _faults(shape: Shape, value: Value, where: str, owner: str) -> Iterator[str]:
    if value is UNKNOWN:
        return
    if isinstance(value, Secret):
        # What is wrong inside a secret is said without the value.
        hidden = any(True for _ in _faults(shape, value.value, where, owner))
        if hidden:
            yield f"argument '{where}' of {owner}: the secret value must be {_rule(shape)}"
        return
    match shape, value:
        case ListOf(), list():
            for index, item in enumerate(value):
                yield from _faults(shape.item, item, f"{where}[{index}]", owner)
        case MapOf(), dict():
            for key, item in value.items():
                yield from _faults(shape.item, item, f"{where}.{key}", owner)
        case Record(), dict():
            yield from _record_faults(shape, value, where, owner)
        case _:
            if not _fits(shape, value):
                yield f"argument '{where}' of {owner}: got {value!r}; must be {_rule(shape)}"


def _fits(shape: Shape, value: Value) -> bool:
    match shape:
        case Text():
            return isinstance(value, str) and bool(re.fullmatch(shape.pattern or "(?s:.*)", value))
        case Whole():
            if not isinstance(value, int) or isinstance(value, bool) or value < shape.at_least:
                return False
            return shape.at_most is None or value <= shape.at_most
        case Truth():
            return isinstance(value, bool)
    return False


def _rule(shape: Shape) -> str:
    match shape:
        case Text():
            rule = shape.rule
        case Whole(at_most=None):
            rule = f"a whole number, {shape.at_least} or more"
        case Whole():
            rule = f"a whole number from {shape.at_least} to {shape.at_most}"
        case Truth():
            rule = "true or false"
        case ListOf():
            rule = f"a list, each item {_rule(shape.item)}"
        case MapOf():
            rule = f"a map, each value {_rule(shape.item)}"
        case Record():
            rule = f"a map with the keys {', '.join(sorted(shape.arguments))}"
    return rule
