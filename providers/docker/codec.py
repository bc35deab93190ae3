"""Between the protocol's `Struct` and Python values: every kind the engine sends, and no other.

Signatures and the unknown's text are Pulumi's own (`sdk/go/common/resource/sig/sig.go`,
`sdk/go/common/resource/plugin/rpc.go`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeAlias, cast

from google.protobuf import struct_pb2

from providers.docker.errors import CodecError

SIGNATURE_KEY = "4dabf18193072939515e22adb298388d"
SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a mark, no password
OUTPUT_SIGNATURE = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
RESOURCE_SIGNATURE = "5cf8f73096256a8f31e491e813e4eb8e"

UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""The unknown of kind text, and what every unknown is written as."""

_UNKNOWN_TEXTS = frozenset(
    {
        UNKNOWN_TEXT,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # truth
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # list
        "030794c1-ac77-496b-92df-f27374a8bd58",  # asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # map
    }
)


class Unknown(Enum):
    """A value that is only known once something else exists."""

    UNKNOWN = "unknown"


UNKNOWN = Unknown.UNKNOWN


@dataclass(frozen=True)
class Secret:
    """A value that the engine encrypts in the state and hides from people."""

    value: "Value" = field(repr=False)


Value: TypeAlias = (
    "bool | int | float | str | list[Value] | dict[str, Value] | Secret | Unknown | None"
)
Properties: TypeAlias = dict[str, Value]

_Message: TypeAlias = struct_pb2.Value


def decode(struct: struct_pb2.Struct) -> Properties:
    """The properties of a message. Raises `CodecError` for kinds that no argument of ours takes."""
    return {key: _decoded(value, key) for key, value in struct.fields.items()}


def encode(properties: Mapping[str, Value]) -> struct_pb2.Struct:
    """The message for some properties; `decode` gives them back."""
    return struct_pb2.Struct(
        fields={key: _encoded(value, key) for key, value in properties.items()}
    )


def plain(value: Value) -> Any:
    """The same value with secrets opened; for the Docker API and for comparing, never for logs."""
    match value:
        case Secret():
            return plain(value.value)
        case list():
            return [plain(item) for item in value]
        case dict():
            return {key: plain(item) for key, item in value.items()}
    return value


def has_unknown(value: Value) -> bool:
    """Whether anything inside is not known yet."""
    return _any_inside(value, lambda item: item is UNKNOWN)


def has_secret(value: Value) -> bool:
    """Whether anything inside must not be shown."""
    return _any_inside(value, lambda item: isinstance(item, Secret))


def _any_inside(value: Value, holds: Any) -> bool:
    if holds(value):
        return True
    match value:
        case Secret():
            return _any_inside(value.value, holds)
        case list():
            return any(_any_inside(item, holds) for item in value)
        case dict():
            return any(_any_inside(item, holds) for item in value.values())
    return False


def _decoded(value: _Message, where: str) -> Value:
    match value.WhichOneof("kind"):
        case "bool_value":
            return value.bool_value
        case "number_value":
            return _number(value.number_value)
        case "string_value":
            return UNKNOWN if value.string_value in _UNKNOWN_TEXTS else value.string_value
        case "list_value":
            return [
                _decoded(item, f"{where}[{index}]")
                for index, item in enumerate(value.list_value.values)
            ]
        case "struct_value":
            return _decoded_struct(value.struct_value, where)
    return None


def _number(number: float) -> int | float:
    # Everything is a double on the wire; Docker's API wants whole numbers whole.
    return int(number) if number.is_integer() else number


def _decoded_struct(struct: struct_pb2.Struct, where: str) -> Value:
    if SIGNATURE_KEY not in struct.fields:
        return {key: _decoded(item, f"{where}.{key}") for key, item in struct.fields.items()}
    signature = struct.fields[SIGNATURE_KEY].string_value
    if signature == SECRET_SIGNATURE:
        return Secret(_decoded(struct.fields["value"], where))
    if signature == OUTPUT_SIGNATURE:
        return _decoded_output(struct, where)
    if signature == RESOURCE_SIGNATURE:
        raise CodecError(where, "a resource; give its name or id instead")
    raise CodecError(where, "an asset, an archive or another kind of value without a plain form")


def _decoded_output(struct: struct_pb2.Struct, where: str) -> Value:
    """An output value as what it carries: who depends on whom stays with the engine."""
    known = "value" in struct.fields
    value = _decoded(struct.fields["value"], where) if known else UNKNOWN
    return Secret(value) if struct.fields["secret"].bool_value else value


def _encoded(value: Value, where: str) -> _Message:
    match value:
        case Secret():
            return _encoded_secret(value, where)
        case list():
            items = [_encoded(item, f"{where}[{index}]") for index, item in enumerate(value)]
            return _Message(list_value=struct_pb2.ListValue(values=items))
        case dict():
            return _encoded_map(value, where)
        case _:
            return _encoded_scalar(value, where)


def _encoded_scalar(value: bool | int | float | str | Unknown | None, where: str) -> _Message:
    match value:
        case None:
            return _Message(null_value=struct_pb2.NULL_VALUE)
        case Unknown():
            return _Message(string_value=UNKNOWN_TEXT)
        case bool():
            return _Message(bool_value=value)
        case int() | float():
            return _Message(number_value=value)
        case str():
            return _Message(string_value=value)
    raise CodecError(where, f"a {type(cast(object, value)).__name__}")


def _encoded_secret(secret: Secret, where: str) -> _Message:
    fields = {
        SIGNATURE_KEY: _Message(string_value=SECRET_SIGNATURE),
        "value": _encoded(secret.value, where),
    }
    return _Message(struct_value=struct_pb2.Struct(fields=fields))


def _encoded_map(value: dict[str, Value], where: str) -> _Message:
    if SIGNATURE_KEY in value:
        raise CodecError(where, f"a map with the protocol's own key {SIGNATURE_KEY}")
    fields = {key: _encoded(item, f"{where}.{key}") for key, item in value.items()}
    return _Message(struct_value=struct_pb2.Struct(fields=fields))
