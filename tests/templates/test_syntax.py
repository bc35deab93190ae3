"""HAProxy's and PostgreSQL's own quoting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.routing import BlockedPath
from templates.haproxy.context import blocked_pattern
from templates.syntax import haproxy, postgresql, xml

ONE_LINE = st.text(
    st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]), max_size=30
)


@given(st.lists(ONE_LINE, max_size=4))
def test_a_haproxy_line_has_the_words_that_were_written(words: list[str]) -> None:
    assert haproxy.words(" ".join(map(haproxy.escape, words))) == tuple(words)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("  bind *:80 # comment 'open", ("bind", "*:80")),
        (r"acl a path_reg ^/a\ b", ("acl", "a", "path_reg", "^/a b")),
        ("""a "b 'c'" 'd "e"' f""", ("a", "b 'c'", 'd "e"', "f")),
        (r"""x 'it'\''s' ''""", ("x", "it's", "")),
        (r"""s "a\nb" """, ("s", "a\nb")),
    ],
)
def test_haproxy_words_are_split_as_its_manual_says(line: str, words: tuple[str, ...]) -> None:
    assert haproxy.words(line) == words


@pytest.mark.parametrize("line", ["a 'b", 'a "b', "a \\"])
def test_an_open_haproxy_quote_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"closed|backslash"):
        haproxy.words(line)


@given(ONE_LINE)
def test_a_postgresql_setting_reads_back_equal(value: str) -> None:
    written = postgresql.escape_setting(value)
    assert postgresql.parse_settings(f"some_name = {written}  # why\n") == {"some_name": value}


@given(st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"])))
def test_xml_content_and_attributes_read_back_equal(text: str) -> None:
    text = "".join(sign for sign in text if sign >= " " and sign not in "\ufffe\uffff")
    root = xml.parse(f'<a b="{xml.escape(text)}">{xml.escape_content(text)}</a>'.encode())
    assert root.get("b") == text
    assert (root.text or "") == text


def test_a_blocked_path_is_itself_and_what_is_below_in_lower_case() -> None:
    assert blocked_pattern(BlockedPath(path="/Solr", reason="x")) == "^/solr(/|$)"
    assert (
        blocked_pattern(BlockedPath(path="/a.b/C", match="any-webapp", reason="x"))
        == r"^(/[^/]+)*/a\.b/c(/|$)"
    )
