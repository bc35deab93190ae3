"""Plain Python values from and to the protocol's messages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from google.protobuf.struct_pb2 import ListValue, NullValue, Struct, Value

MARK = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
TEXT_TO_COME = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
TO_COME = {
    TEXT_TO_COME,
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
}
"""How the engine writes what is not known yet (`sdk/go/common/resource/plugin/rpc.go`)."""

Properties = dict[str, Any]


class Unknown:
    """What a preview cannot know."""

    def __repr__(self) -> str:
        return "unknown"


UNKNOWN = Unknown()


@dataclass(frozen=True)
class Secret:
    """A value that the engine must encrypt."""

    inner: Any = field(repr=False)


class UnreadableValueError(Exception):
    """A kind of value that no argument of AWS takes here."""


def read(struct: Struct) -> Properties:
    """The properties of a message."""
    return {key: _read(value) for key, value in struct.fields.items()}


def write(properties: Mapping[str, Any]) -> Struct:
    """The message of some properties."""
    return Struct(fields={key: _written(value) for key, value in properties.items()})


def opened(value: Any) -> Any:
    """The value without the marks of its secrets."""
    return mapped(value, lambda leaf: leaf)


def mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    """The value with every leaf changed; secrets are opened."""
    if isinstance(value, Secret):
        return mapped(value.inner, change)
    if isinstance(value, list):
        return [mapped(item, change) for item in value]
    if isinstance(value, dict):
        return {key: mapped(item, change) for key, item in value.items()}
    return change(value)


def leaves(value: Any) -> list[Any]:
    """Every text, number, truth and unknown in it."""
    found: list[Any] = []
    mapped(value, found.append)
    return found


def _read(value: Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return _read_struct(value.struct_value)
    if kind == "list_value":
        return [_read(item) for item in value.list_value.values]
    if kind == "string_value":
        return UNKNOWN if value.string_value in TO_COME else value.string_value
    if kind == "number_value":
        number = value.number_value
        return int(number) if number == int(number) else number
    return value.bool_value if kind == "bool_value" else None


def _read_struct(struct: Struct) -> Any:
    mark = struct.fields[MARK].string_value if MARK in struct.fields else None
    if mark is None:
        return read(struct)
    if mark == SECRET:
        return Secret(_read(struct.fields["value"]))
    if mark == OUTPUT:
        inner = _read(struct.fields["value"]) if "value" in struct.fields else UNKNOWN
        return Secret(inner) if struct.fields["secret"].bool_value else inner
    raise UnreadableValueError(f"an asset, an archive or a resource as a value ({mark})")


def _written(value: Any) -> Value:
    if isinstance(value, Secret):
        sealed = {MARK: Value(string_value=SECRET), "value": _written(value.inner)}
        return Value(struct_value=Struct(fields=sealed))
    if isinstance(value, dict):
        return Value(struct_value=write(value))
    if isinstance(value, list):
        return Value(list_value=ListValue(values=[_written(item) for item in value]))
    return _written_leaf(value)


def _written_leaf(value: Any) -> Value:
    if isinstance(value, Unknown):
        return Value(string_value=TEXT_TO_COME)
    if isinstance(value, bool):
        return Value(bool_value=value)
    if isinstance(value, int | float):
        return Value(number_value=value)
    if value is None:
        return Value(null_value=NullValue.NULL_VALUE)
    return Value(string_value=str(value))
