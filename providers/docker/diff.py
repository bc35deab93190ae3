"""What differs between the arguments something was made with and those asked for now."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from providers.docker.codec import Properties, Secret, Value, has_unknown, plain
from providers.docker.schema import Argument, ListOf, MapOf, Record, Shape


class Kind(Enum):
    """How one value changed."""

    ADD = "add"
    DELETE = "delete"
    UPDATE = "update"


@dataclass(frozen=True)
class Change:
    """One value that changed: its path in the engine's form (`uploads[0].content`)."""

    path: str
    kind: Kind
    replaces: bool

    @property
    def argument(self) -> str:
        """The outermost argument it belongs to."""
        return self.path.split(".")[0].split("[")[0]


def changes(record: Record, old: Properties, new: Properties) -> list[Change]:
    """All changes, finest paths first found; a value not known yet counts as changed."""
    return list(_record_changes(record, old, new, "", inherited=None))


def _record_changes(
    record: Record, old: Properties, new: Properties, where: str, inherited: bool | None
) -> Iterator[Change]:
    for name, argument in record.arguments.items():
        before = _or_default(old.get(name), argument)
        after = _or_default(new.get(name), argument)
        path = f"{where}.{name}" if where else name
        # Within a list or a map the outermost argument decides what a change means.
        replaces = argument.replaces if inherited is None else inherited
        yield from _changes(argument.shape, before, after, path, replaces)


def _or_default(value: Value, argument: Argument) -> Value:
    return argument.default if value is None else value


def _changes(
    shape: Shape, before: Value, after: Value, where: str, replaces: bool
) -> Iterator[Change]:
    if isinstance(before, Secret) or isinstance(after, Secret):
        before, after = _opened(before), _opened(after)
    if _same(shape, before, after):
        return
    match shape, before, after:
        case _, None, _:
            yield Change(where, Kind.ADD, replaces)
        case _, _, None:
            yield Change(where, Kind.DELETE, replaces)
        case ListOf(), list(), list():
            yield from _list_changes(shape, before, after, where, replaces)
        case MapOf(), dict(), dict():
            for key in before.keys() | after.keys():
                path = f'{where}["{key}"]'
                yield from _changes(shape.item, before.get(key), after.get(key), path, replaces)
        case Record(), dict(), dict():
            yield from _record_changes(shape, before, after, where, inherited=replaces)
        case _:
            yield Change(where, Kind.UPDATE, replaces)


def _list_changes(
    shape: ListOf, before: list[Value], after: list[Value], where: str, replaces: bool
) -> Iterator[Change]:
    for index in range(max(len(before), len(after))):
        old = before[index] if index < len(before) else None
        new = after[index] if index < len(after) else None
        yield from _changes(shape.item, old, new, f"{where}[{index}]", replaces)


def _opened(value: Value) -> Value:
    while isinstance(value, Secret):
        value = value.value
    return value


def _same(shape: Shape, before: Value, after: Value) -> bool:
    if has_unknown(before) or has_unknown(after):
        return False
    return _canonical(shape, before) == _canonical(shape, after)


def _canonical(shape: Shape, value: Value) -> str:
    """One text for all forms that mean the same: order, defaults and secrecy aside."""
    value = _opened(value)
    match shape, value:
        case ListOf(), list():
            items = [_canonical(shape.item, item) for item in value]
            return json.dumps(items if shape.ordered else sorted(items))
        case Record(), dict():
            known = {
                name: _canonical(argument.shape, _or_default(value.get(name), argument))
                for name, argument in shape.arguments.items()
            }
            return json.dumps(known, sort_keys=True)
    return json.dumps(plain(value), sort_keys=True)
