"""Sentences about faults: what was given, what is allowed, what was probably meant."""

from typing import Annotated, Literal

import pytest
from pydantic import Field, ValidationError

from contract.allowed import in_words, schema_of
from contract.faults import Fault, dotted, faults_of, in_quotes, nearest
from contract.model import Contract


class Door(Contract):
    kind: Literal["wood", "glass"] = "wood"
    width_mm: Annotated[float, Field(gt=0, le=2000)] = 800
    open_after_s: Annotated[int, Field(ge=60, le=172_800)] = 60
    is_locked: bool = False
    title: Annotated[str, Field(max_length=5)] = "door"
    key_token: str = "x"


def lines(text: str) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        Door.model_validate_json(text, strict=True, by_alias=True, by_name=False)
    return [str(fault) for fault in faults_of(caught.value, Door)]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('{"kind": "glas"}', 'kind: got "glas"; must be one of "wood", "glass". Did you mean '
         '"glass"?'),
        ('{"kind": "iron"}', 'kind: got "iron"; must be one of "wood", "glass".'),
        ('{"widthMm": "9"}', 'widthMm: got "9"; must be a number of more than 0 and at most 2000. '
         "Write it without quotes: 9."),
        ('{"openAfterS": 1}', "openAfterS: got 1; must be a whole number from 60 (1 minute) to "
         "172800 (2 days)."),
        ('{"isLocked": "true"}', 'isLocked: got "true"; must be true or false. Write it without '
         "quotes: true."),
        ('{"isLocked": "maybe"}', 'isLocked: got "maybe"; must be true or false.'),
        ('{"title": "portal"}', 'title: got "portal"; must be text, at most 5 characters. It has '
         "6."),
        ('{"keyToken": ["a"]}', "keyToken: got a list; must be text."),
        ('{"keyTokne": "hunter2"}', "keyTokne: unknown key. Did you mean keyToken?"),
    ],
)  # fmt: skip
def test_every_kind_of_fault_has_its_sentence(text: str, line: str) -> None:
    assert lines(text) == [line]


def test_a_key_called_title_keeps_its_place_in_the_schema() -> None:
    assert in_words(schema_of(Door)["properties"]["title"], schema_of(Door)) == (
        "text, at most 5 characters"
    )


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "null"),
        (True, "true"),
        (3, "3"),
        (2.5, "2.5"),
        ("", '""'),
        ("two\nlines", '"two⏎lines"'),
        ([], "an empty list"),
        ([1], "a list"),
        ({"a": 1}, "a section"),
        ("x" * 60, f'"{"x" * 60}"'),
        ("x" * 61, f'"{"x" * 59}…"'),
    ],
)
def test_what_was_given_is_shown_as_people_wrote_it(value: object, words: str) -> None:
    assert in_quotes(value) == words


@pytest.mark.parametrize(
    ("word", "choice"),
    [
        ("heap_mib", "heapMib"),
        ("HEAPMIB", "heapMib"),
        ("heap-mib", "heapMib"),
        ("heapMb", "heapMib"),
        ("cuont", "count"),
        ("zzz", None),
        ("", None),
    ],
)
def test_the_nearest_choice_is_what_a_slip_of_the_hand_meant(word: str, choice: str | None) -> None:
    assert nearest(word, ["heapMib", "memoryMib", "count"]) == choice


def test_a_place_is_written_with_dots_and_brackets() -> None:
    assert dotted(("nodes", "instanceIds", 0, "name")) == "nodes.instanceIds[0].name"
    assert dotted(()) == ""


def test_a_fault_reads_as_one_line() -> None:
    fault = Fault(place=("a", "b"), problem="got 1", allowed="2", hint="Take 2.")
    assert str(fault) == "a.b: got 1; must be 2. Take 2."
