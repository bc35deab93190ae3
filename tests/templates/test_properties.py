"""The `.properties` reader and writer, held to java.util.Properties itself."""

import base64
import random
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates.properties import PropertiesError, escape_key, escape_value, load, merge

HEADING = "# added"
ALPHABET = "ab=: \t\f\r\n\\\\\\#!u0041é"
"""What the format gives a meaning to, backslashes most of all."""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a=b", {"a": "b"}),
        ("  a  =  b  ", {"a": "b  "}),
        ("a:b", {"a": "b"}),
        ("a b", {"a": "b"}),
        ("a", {"a": ""}),
        ("a = = b", {"a": "= b"}),
        ("#a=1\n!b=2\n c=3", {"c": "3"}),
        ("a=1\na=2", {"a": "2"}),
        ("a=x\\\n    y\\\r\n\tz", {"a": "xyz"}),
        ("a=x\\\\\nb=1", {"a": "x\\", "b": "1"}),
        ("a=x\\\n#no comment", {"a": "x#no comment"}),
        ("a\\ b\\=\\:=\\u0041\\t\\q", {"a b=:": "A\tq"}),
        ("a=\\uD834\\uDD1E", {"a": "𝄞"}),
        ("\r\n\r\na=1\r", {"a": "1"}),
        ("", {}),
    ],
)
def test_a_text_is_read_as_java_reads_it(text: str, expected: dict[str, str]) -> None:
    assert load(text) == expected


@pytest.mark.parametrize("text", ["a=1\nb=\\u12x4", "a=1\n\\u=1", "#\na=\\u123"])
def test_a_broken_unicode_escape_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(PropertiesError, match=r"line 2: .* four hexadecimal digits"):
        load(text)


@given(st.dictionaries(st.text(), st.text()))
def test_what_is_written_reads_back_equal(values: dict[str, str]) -> None:
    text = "".join(f"{escape_key(key)}={escape_value(value)}\n" for key, value in values.items())
    assert text.isascii()
    assert load(text) == values


@given(
    st.text(st.sampled_from(ALPHABET), max_size=40),
    st.dictionaries(st.text(st.sampled_from("ab= é"), min_size=1), st.text(), max_size=3),
)
def test_a_merge_sets_its_keys_and_keeps_all_others(text: str, changes: dict[str, str]) -> None:
    try:
        before = load(text)
    except PropertiesError:
        return
    after = load(merge(text, changes, HEADING))
    # A lone backslash at the very end is a key without a name to Java; it is lost, and no loss.
    before.pop("", None)
    after.pop("", None)
    assert after == {**before, **changes}


def test_a_merge_keeps_order_comments_and_odd_forms_elsewhere() -> None:
    text = "# one\n  b : 2\\\n    3\n\n! two\na=1\n"
    assert merge(text, {"a": "x", "c": " y"}, HEADING) == (
        "# one\n  b : 2\\\n    3\n\n! two\na=x\n# added\nc=\\ y\n"
    )


def test_a_merge_replaces_all_lines_of_a_value_that_went_on() -> None:
    assert merge("a = 1\\\n  2\\\n  3\nb=1\n", {"a": "x"}, HEADING) == "a=x\nb=1\n"


def test_a_merge_of_what_is_there_already_changes_nothing() -> None:
    once = merge("a=1", {"b": "2"}, HEADING)
    assert merge(once, {"b": "2"}, HEADING) == once


def test_thousands_of_odd_documents_are_read_as_java_reads_them() -> None:
    chance = random.Random(20251)  # noqa: S311 - the same documents every time
    documents = [
        "".join(chance.choice(ALPHABET) for _ in range(chance.randint(0, 25))) for _ in range(6000)
    ]
    for document, expected in zip(documents, _read_by_java(documents), strict=True):
        try:
            found: dict[str, str] | None = load(document)
        except PropertiesError:
            found = None
        assert found == expected, repr(document)


def _read_by_java(documents: list[str]) -> list[dict[str, str] | None]:
    encoded = [base64.b64encode(text.encode("iso-8859-1")).decode() for text in documents]
    answer = subprocess.run(
        ["java", "-XX:TieredStopAtLevel=1", str(Path(__file__).parent / "LoadProperties.java")],
        input="".join(f"{line}\n" for line in encoded),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return [_decoded(line) for line in answer.stdout.splitlines()]


def _decoded(line: str) -> dict[str, str] | None:
    if line == "refused":
        return None
    parts = [
        base64.b64decode(part.strip()).decode("utf-16-be", "surrogatepass")
        for part in line.split(".")[:-1]
    ]
    return dict(zip(parts[::2], parts[1::2], strict=True))
