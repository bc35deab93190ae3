"""The `.properties` format exactly as java.util.Properties reads it, and edits that keep the rest.

Source: java.util.Properties, `load(Reader)` of JDK 17. Text here is what Java sees after its
ISO-8859-1 decoding; what is written is ASCII, so a UTF-8 reader (ResourceBundle) sees the same.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BLANK = " \t\f"
_END_OF_LINE = "\r\n"
_ESCAPES = {"t": "\t", "r": "\r", "n": "\n", "f": "\f"}
_NAMED = {"\t": "\\t", "\r": "\\r", "\n": "\\n", "\f": "\\f", "\\": "\\\\"}
_FOUR_HEX = re.compile(r"[0-9A-Fa-f]{4}")


class PropertiesError(Exception):
    """A `.properties` text that java.util.Properties refuses to load."""

    def __init__(self, line: int, problem: str) -> None:
        self.line = line
        self.problem = problem
        super().__init__(f"line {line}: {problem}")


def escape_key(key: str) -> str:
    """The key as it must be written; reads back equal."""
    return "".join("\\" + sign if sign in " =:#!" else _escape(sign) for sign in key)


def escape_value(value: str) -> str:
    """The value as it must be written; reads back equal. `=`, `:` and inner blanks stay as is."""
    escaped = "".join(_escape(sign) for sign in value)
    return "\\" + escaped if escaped.startswith(" ") else escaped


def load(text: str) -> dict[str, str]:
    """Key → value; of keys that come twice, the last counts.

    Raises PropertiesError on a `\\u` that four hexadecimal digits do not follow.
    """
    return {entry.key: entry.value for entry in _entries(text)}


def merge(text: str, changes: dict[str, str], heading: str) -> str:
    """`text` with `changes` set; comments, order and every other line stay as they are.

    A key that is there keeps its place (the last one, which is the one that counts); a new key
    goes to the end, behind the comment line `heading`. The file's own line ends are used.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    last = {entry.key: entry for entry in _entries(text)}
    for key in sorted(changes.keys() & last.keys(), key=lambda key: -last[key].start):
        line = _line(key, changes[key])
        text = text[: last[key].start] + line + text[last[key].end :]
    added = [_line(key, value) for key, value in changes.items() if key not in last]
    if not added:
        return text
    return _ended(text, newline) + "".join(line + newline for line in (heading, *added))


@dataclass(frozen=True)
class _Entry:
    """One key and its value, and where its logical line stands in the text."""

    key: str
    value: str
    start: int
    end: int


def _line(key: str, value: str) -> str:
    return f"{escape_key(key)}={escape_value(value)}"


def _ended(text: str, newline: str) -> str:
    """`text`, ready for a line to follow: also when its last line is open or goes on."""
    if not text:
        return text
    tail = len(text.rstrip(_END_OF_LINE))
    slashes = tail - len(text[:tail].rstrip("\\"))
    goes_on = slashes % 2 == 1
    closed = tail < len(text)
    return text + ("" if closed else newline) + (2 * newline if goes_on else "")


def _escape(sign: str) -> str:
    if sign in _NAMED:
        return _NAMED[sign]
    if " " <= sign <= "~":
        return sign
    units = sign.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02X}{units[at + 1]:02X}" for at in range(0, len(units), 2))


def _entries(text: str) -> Iterator[_Entry]:
    for start, end, logical in _logical_lines(text):
        key, value = _split(logical)
        line = text.count("\n", 0, start) + 1
        yield _Entry(_unescape(key, line), _unescape(value, line), start, end)


def _logical_lines(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and joined text of each logical line; comments and blank lines are left out.

    The same machine as Properties.LineReader.readLine, whose corners (a lone backslash before a
    comment, a continuation by an empty line) do not follow from its documentation.
    """
    at = 0
    while (line := _LineReader(text, at).read()) is not None:
        yield line.start, line.end, line.joined
        at = line.next


@dataclass(frozen=True)
class _LogicalLine:
    start: int
    end: int
    next: int
    joined: str


class _LineReader:
    """Reads one logical line from a position on."""

    def __init__(self, text: str, at: int) -> None:
        self._text = text
        self._at = at
        self._start = at
        self._signs: list[str] = []
        self._odd_backslash = False

    def read(self) -> _LogicalLine | None:
        """The next logical line, or None at the end of the text."""
        continued = False
        while True:
            self._skip_blanks(line_ends_too=not continued)
            if self._at >= len(self._text):
                return self._line(self._at, self._at) if self._signs else None
            if not self._signs:
                if self._text[self._at] in "#!":
                    self._skip_to_line_end()
                    continued = False
                    continue
                self._start = self._start_of_blanks() if not continued else self._start
            end = self._take_natural_line()
            if self._odd_backslash and self._at + 1 < len(self._text):
                self._signs.pop()
                self._odd_backslash = False
                self._skip_one_line_end()
                continued = True
                continue
            if not self._signs:
                continued = False
                self._skip_one_line_end()
                continue
            self._skip_one_line_end()
            return self._line(end, self._at)

    def _line(self, end: int, following: int) -> _LogicalLine:
        joined = "".join(self._signs[:-1] if self._odd_backslash else self._signs)
        return _LogicalLine(self._start, end, following, joined)

    def _skip_blanks(self, *, line_ends_too: bool) -> None:
        skipped = _BLANK + _END_OF_LINE if line_ends_too else _BLANK
        while self._at < len(self._text) and self._text[self._at] in skipped:
            self._at += 1

    def _start_of_blanks(self) -> int:
        """Where the line of the current position begins, its indentation included."""
        start = self._at
        while start > 0 and self._text[start - 1] in _BLANK:
            start -= 1
        return start

    def _skip_to_line_end(self) -> None:
        while self._at < len(self._text) and self._text[self._at] not in _END_OF_LINE:
            self._at += 1

    def _take_natural_line(self) -> int:
        """Adds all signs up to the line's end, whose position is returned."""
        while self._at < len(self._text) and self._text[self._at] not in _END_OF_LINE:
            sign = self._text[self._at]
            self._signs.append(sign)
            self._odd_backslash = sign == "\\" and not self._odd_backslash
            self._at += 1
        return self._at

    def _skip_one_line_end(self) -> None:
        if self._text.startswith("\r\n", self._at):
            self._at += 2
        elif self._at < len(self._text):
            self._at += 1


def _split(logical: str) -> tuple[str, str]:
    """Key and value of a logical line, both still escaped."""
    odd_backslash = False
    for at, sign in enumerate(logical):
        if sign in "=:" + _BLANK and not odd_backslash:
            return logical[:at], _without_separator(logical[at:])
        odd_backslash = sign == "\\" and not odd_backslash
    return logical, ""


def _without_separator(rest: str) -> str:
    rest = rest.lstrip(_BLANK)
    return rest[1:].lstrip(_BLANK) if rest[:1] in ("=", ":") else rest


def _unescape(escaped: str, line: int) -> str:
    if "\\" not in escaped:
        return escaped
    signs: list[str] = []
    at = 0
    while at < len(escaped):
        sign = escaped[at]
        at += 1
        if sign != "\\" or at == len(escaped):
            signs.append(sign)
            continue
        sign = escaped[at]
        at += 1
        if sign != "u":
            signs.append(_ESCAPES.get(sign, sign))
            continue
        digits = escaped[at : at + 4]
        if not _FOUR_HEX.fullmatch(digits):
            raise PropertiesError(line, r"\u without four hexadecimal digits after it")
        signs.append(chr(int(digits, 16)))
        at += 4
    return _joined_surrogates("".join(signs))


def _joined_surrogates(text: str) -> str:
    """Java's UTF-16 pairs as the one character they stand for; a lone half stays."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
