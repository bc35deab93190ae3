"""Every kind of value goes to the wire and comes back the same."""

from typing import Any

import pytest
from google.protobuf import struct_pb2
from hypothesis import given
from hypothesis import strategies as st

from providers.docker.codec import (
    OUTPUT_SIGNATURE,
    RESOURCE_SIGNATURE,
    SECRET_SIGNATURE,
    SIGNATURE_KEY,
    UNKNOWN,
    UNKNOWN_TEXT,
    Properties,
    Secret,
    Value,
    decode,
    encode,
    has_secret,
    has_unknown,
    plain,
)
from providers.docker.errors import CodecError

WHOLE_ON_THE_WIRE = 2**53
"""Up to here a double holds every whole number."""

TEXT = st.text(st.characters(exclude_categories=["Cs"])).filter(lambda text: text != UNKNOWN_TEXT)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-WHOLE_ON_THE_WIRE, WHOLE_ON_THE_WIRE),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXT,
    st.just(UNKNOWN),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(TEXT, inner, max_size=4),
        inner.map(Secret),
    ),
    max_leaves=12,
)
PROPERTIES = st.dictionaries(TEXT, VALUES, max_size=5)


@given(PROPERTIES)
def test_what_is_encoded_is_decoded_the_same(properties: Properties) -> None:
    """Through the bytes of the wire, too."""
    wire = encode(properties).SerializeToString()
    assert decode(struct_pb2.Struct.FromString(wire)) == properties


@given(st.one_of(st.booleans(), st.integers(0, 1)))
def test_a_truth_stays_a_truth_and_a_number_a_number(value: Value) -> None:
    """`True == 1` in Python; Docker's API minds the difference."""
    back = decode(encode({"value": value}))["value"]
    assert (back, type(back)) == (value, type(value))


@given(VALUES)
def test_opening_secrets_leaves_none_and_the_unknown_where_they_were(value: Value) -> None:
    """`plain` is for Docker alone: it hides nothing and invents nothing."""
    opened = plain(value)
    assert not has_secret(opened)
    assert has_unknown(opened) == has_unknown(value)


def test_a_secret_hides_its_value_from_logs() -> None:
    """Neither it nor a map around it shows the value."""
    assert "password" not in repr({"content": Secret("password")})


def test_the_wire_form_of_a_secret_is_pulumis() -> None:
    """The engine must see it as one."""
    wire = encode({"content": Secret("value")}).fields["content"].struct_value
    assert wire.fields[SIGNATURE_KEY].string_value == SECRET_SIGNATURE
    assert wire.fields["value"].string_value == "value"


def _special(signature: str, **fields: Any) -> struct_pb2.Struct:
    struct = struct_pb2.Struct()
    struct.update({"value": {SIGNATURE_KEY: signature, **fields}})
    return struct


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"value": "known"}, "known"),
        ({"value": "known", "secret": True}, Secret("known")),
        ({}, UNKNOWN),
        ({"secret": True}, Secret(UNKNOWN)),
    ],
)
def test_an_output_value_is_read_as_what_it_carries(
    fields: dict[str, Any], expected: Value
) -> None:
    """Known or not, secret or not."""
    assert decode(_special(OUTPUT_SIGNATURE, **fields)) == {"value": expected}


@pytest.mark.parametrize(
    "text", ["1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", "dd056dcd-154b-4c76-9bd3-c8f88648b5ff"]
)
def test_every_kind_of_unknown_is_unknown(text: str) -> None:
    """Truths, numbers, lists and maps have texts of their own."""
    struct = struct_pb2.Struct()
    struct.update({"value": text})
    assert decode(struct) == {"value": UNKNOWN}


@pytest.mark.parametrize("signature", [RESOURCE_SIGNATURE, "c44067f5952c0a294b673a41bacd8c17"])
def test_a_resource_or_an_asset_is_refused_with_its_place(signature: str) -> None:
    """No argument here takes one."""
    with pytest.raises(CodecError, match="value: got a"):
        decode(_special(signature, text="x"))


def test_a_map_cannot_pretend_to_be_special() -> None:
    """The protocol's own key is refused in a plain map."""
    with pytest.raises(CodecError, match="the protocol's own key"):
        encode({"map": {SIGNATURE_KEY: SECRET_SIGNATURE}})
