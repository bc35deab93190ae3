"""HAProxy's configuration language: words, quoting, sections, and what refers to what.

Source: HAProxy 2.6 configuration manual, 2.2 "Quoting and escaping" and 4 "Proxies". The full
check is `haproxy -c`, where the binary is at hand; this one needs nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from templates.errors import NotParsable, NotPrintable

_BARE = re.compile(r"[A-Za-z0-9_./:,@=+*-]+")
_SECTIONS = {"global", "defaults", "frontend", "backend", "listen", "resolvers"}
_NAMED_SECTIONS = {"frontend", "backend", "listen", "resolvers"}
_CONDITIONS = {"if", "unless"}


def escape(text: str) -> str:
    """One word, quoted when it has to be; reads back equal.

    Raises NotPrintable for a line end or NUL: a directive is one line.
    """
    if any(sign in text for sign in "\r\n\0"):
        raise NotPrintable("a HAProxy directive is one line; the value has a line end or NUL")
    if _BARE.fullmatch(text):
        return text
    return "'" + text.replace("'", "'\\''") + "'"


@dataclass(frozen=True)
class Directive:
    """One line: its section (keyword and name), its words without quotes, where it stands."""

    section: tuple[str, str]
    words: tuple[str, ...]
    line: int


def parse(text: str) -> tuple[Directive, ...]:
    """All directives. Raises NotParsable for a broken line, section or reference."""
    directives = tuple(_directives(text))
    _check_references(directives)
    return directives


def words(line: str) -> tuple[str, ...]:
    """The words of one line, quotes and escapes taken away. Raises ValueError when one is open."""
    found: list[str] = []
    current: str | None = None
    quote = ""
    signs = iter(line)
    for sign in signs:
        if quote == "'" and sign != "'":
            current = (current or "") + sign
        elif sign == quote or (not quote and sign in "'\""):
            quote = "" if quote else sign
            current = current or ""
        elif sign == "\\":
            current = (current or "") + _escaped(signs)
        elif not quote and sign == "#":
            break
        elif not quote and sign in " \t":
            found += [current] if current is not None else []
            current = None
        else:
            current = (current or "") + sign
    if quote:
        raise ValueError(f"a {quote} is not closed")
    return (*found, current) if current is not None else tuple(found)


def _escaped(signs: Iterator[str]) -> str:
    following = next(signs, None)
    if following is None:
        raise ValueError("nothing follows the last backslash")
    return {"n": "\n", "r": "\r", "t": "\t"}.get(following, following)


def _directives(text: str) -> Iterator[Directive]:
    section = ("", "")
    for line, content in enumerate(text.split("\n"), start=1):
        try:
            found = words(content)
        except ValueError as error:
            raise NotParsable(line, str(error)) from error
        if not found:
            continue
        if content[0] not in " \t":
            section = _section(found, line)
        elif not section[0]:
            raise NotParsable(line, f"'{found[0]}' stands in no section")
        yield Directive(section, found, line)


def _section(found: tuple[str, ...], line: int) -> tuple[str, str]:
    keyword, *name = found
    if keyword not in _SECTIONS:
        raise NotParsable(line, f"no section is called '{keyword}'")
    if keyword in _NAMED_SECTIONS and len(name) != 1:
        raise NotParsable(line, f"a {keyword} needs exactly one name")
    return keyword, name[0] if name else ""


def _check_references(directives: tuple[Directive, ...]) -> None:
    sections = {directive.section for directive in directives}
    for directive in directives:
        keyword = directive.words[0]
        if keyword in ("default_backend", "use_backend"):
            _check_exists(("backend", directive.words[1]), sections, directive.line)
        if keyword in ("server", "server-template") and "resolvers" in directive.words:
            name = directive.words[directive.words.index("resolvers") + 1]
            _check_exists(("resolvers", name), sections, directive.line)
        if directive.words[-1] in _CONDITIONS:
            raise NotParsable(directive.line, f"nothing follows '{directive.words[-1]}'")


def _check_exists(wanted: tuple[str, str], sections: set[tuple[str, str]], line: int) -> None:
    if wanted not in sections:
        raise NotParsable(line, f"there is no {wanted[0]} '{wanted[1]}'")
