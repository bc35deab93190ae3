"""An XML file of the tree, edited where it must be and byte for byte the same elsewhere.

A tree's administrators compare files; a parser that writes the whole document again would reflow
every start tag. So the file is read for the places of its elements, and only those are cut.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from templates.errors import NotParsable
from templates.overlay.error import OverlayError
from templates.overlay.files import TreeText
from templates.syntax import xml

_DECLARED = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_ATTRIBUTE = re.compile(r"""(\s+)([^\s=/>]+)(\s*=\s*)("[^"]*"|'[^']*')""")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(eq=False)
class Element:
    """One element and its place in the text. `attributes` are as a reader sees them."""

    name: str
    attributes: dict[str, str]
    parent: "Element | None" = field(repr=False)
    start: int
    line: int
    start_tag_end: int = 0
    end_tag_start: int = 0
    end: int = 0
    children: list["Element"] = field(default_factory=list, repr=False)

    @property
    def is_empty_tag(self) -> bool:
        """Written as `<a/>`."""
        return self.start_tag_end == self.end

    def named(self, name: str, /, **attributes: str) -> list["Element"]:
        """The children with this element name and these attribute values."""
        return [
            child
            for child in self.children
            if child.name == name
            and all(child.attributes.get(key) == value for key, value in attributes.items())
        ]

    def __str__(self) -> str:
        name = self.attributes.get("name")
        return f'<{self.name} name="{name}">' if name is not None else f"<{self.name}>"


class XmlSource:
    """One file and the edits made to it so far.

    Edits are collected against the text as it was read; `finished` applies them all at once.
    """

    def __init__(self, own: TreeText) -> None:
        """Raises OverlayError when the file is not well-formed XML in the encoding it declares."""
        self.file = own.path
        self._mark, self._encoding = _encoding(own.path, own.data)
        self._text = _decoded(own.path, own.data[len(self._mark) :], self._encoding)
        self._newline = "\r\n" if "\r\n" in self._text else "\n"
        self.root = _Reader(own.path, self._text).root
        self._attributes: dict[Element, dict[str, str | None]] = {}
        self._cuts: list[tuple[int, int, str]] = []

    def one(self, parent: Element, name: str, /, **attributes: str) -> Element:
        """The only such child of `parent`. Raises OverlayError when there is none, or several."""
        found = parent.named(name, **attributes)
        wanted = _tag(name, attributes)
        if not found:
            raise self.error(
                f"{wanted} in {parent}", "is missing", "Put it back as the release has it"
            )
        return self.only(found, wanted)

    def only(self, found: list[Element], wanted: str) -> Element:
        """The one element of `found`. Raises OverlayError when there are several."""
        if len(found) > 1:
            lines = ", ".join(str(element.line) for element in found)
            raise self.error(
                wanted, f"is there {len(found)} times, in lines {lines}", "Keep one of them"
            )
        return found[0]

    def error(self, element: str, problem: str, remedy: str) -> OverlayError:
        return OverlayError(self.file, element, problem, remedy)

    def set_attributes(self, element: Element, values: dict[str, str]) -> None:
        """These attributes have these values; a new one follows the last one."""
        self._attributes.setdefault(element, {}).update(values)

    def drop_attribute(self, element: Element, name: str) -> None:
        """The attribute is gone."""
        self._attributes.setdefault(element, {})[name] = None

    def attributes(self, element: Element) -> dict[str, str]:
        """The attributes with the edits made so far."""
        edited = {**element.attributes, **self._attributes.get(element, {})}
        return {name: value for name, value in edited.items() if value is not None}

    def text(self, element: Element) -> str:
        """The element's own text as a reader sees it, as it was read."""
        return str(xml.parse(self._text[element.start : element.end].encode()).xpath("string()"))

    def set_text(self, element: Element, text: str) -> None:
        """The element holds this text and nothing else."""
        self._cuts.append((element.start_tag_end, element.end_tag_start, xml.escape_content(text)))

    def remove(self, element: Element) -> None:
        """The element is gone, with the indentation and the line end that were its own."""
        start, end = element.start, element.end
        line_start = start - len(self._indentation(element))
        after = re.compile(r"[ \t]*(?:\r\n|\n|\r)").match(self._text, end)
        if self._begins_line(line_start) and after:
            start, end = line_start, after.end()
        self._cuts.append((start, end, ""))

    def insert_after(self, element: Element, fragment: str) -> None:
        """`fragment` follows `element`, on lines of its own, with its indentation."""
        indentation = self._indentation(element)
        self._cuts.append((element.end, element.end, self._block(fragment, indentation)))

    def insert_copy_after(
        self, element: Element, comment: str, changes: dict[Element, dict[str, str]]
    ) -> None:
        """A copy of `element` follows it: as it was read, with the edits of attributes made so far
        and these `changes` of its own, or of elements inside it."""
        edits = {
            inside: {**self._attributes.get(inside, {}), **changes.get(inside, {})}
            for inside in {**self._attributes, **changes}
            if element.start <= inside.start < element.end
        }
        copy = self._text[element.start : element.end]
        for inside in sorted(edits, key=lambda place: place.start, reverse=True):
            start, end = inside.start - element.start, inside.start_tag_end - element.start
            copy = copy[:start] + _edited_start_tag(copy[start:end], edits[inside]) + copy[end:]
        line_start = self._newline + self._indentation(element)
        block = f"{line_start}<!-- {comment} -->{line_start}{copy}"
        self._cuts.append((element.end, element.end, block))

    def append(self, parent: Element, fragment: str) -> None:
        """`fragment` is the last content of `parent`, on lines of its own."""
        indentation = self._indentation(parent)
        block = self._block(fragment, self._child_indentation(parent))
        if parent.is_empty_tag:
            opened = self._text[parent.start : parent.end].removesuffix("/>").rstrip() + ">"
            closed = f"{block}{self._newline}{indentation}</{parent.name}>"
            self._cuts.append((parent.start, parent.end, opened + closed))
            return
        before = self._text[: parent.end_tag_start]
        at = len(before.rstrip(" \t\r\n"))
        self._cuts.append((at, at, block))

    def finished(self) -> bytes:
        """The file with all edits, in its own encoding; read back as XML before it is returned."""
        cuts = [*self._cuts, *self._start_tag_cuts()]
        text = self._text
        reached = len(text)
        for start, end, replacement in sorted(cuts, key=lambda cut: cut[:2], reverse=True):
            assert end <= reached, f"{self.file}: two edits of one place"
            text = text[:start] + replacement + text[end:]
            reached = start
        data = self._mark + text.encode(self._encoding, "xmlcharrefreplace")
        try:
            xml.parse(data)
        except NotParsable as fault:
            raise self.error(
                f"line {fault.line} of the merged file", fault.problem, "Please report this"
            ) from fault
        return data

    def _start_tag_cuts(self) -> Iterator[tuple[int, int, str]]:
        for element, edits in self._attributes.items():
            tag = self._text[element.start : element.start_tag_end]
            yield element.start, element.start_tag_end, _edited_start_tag(tag, edits)

    def _block(self, fragment: str, indentation: str) -> str:
        lines = fragment.strip("\n").split("\n")
        return "".join(self._newline + (indentation + line if line else "") for line in lines)

    def _indentation(self, element: Element) -> str:
        before = self._text[: element.start]
        blanks = len(before) - len(before.rstrip(" \t"))
        return before[len(before) - blanks :] if self._begins_line(element.start - blanks) else ""

    def _child_indentation(self, parent: Element) -> str:
        if parent.children:
            return self._indentation(parent.children[0])
        return self._indentation(parent) + "    "

    def _begins_line(self, at: int) -> bool:
        return at == 0 or self._text[at - 1] in "\r\n"


class _Reader:
    """Finds the elements and their places with expat, which gives byte positions."""

    def __init__(self, file: str, text: str) -> None:
        self._file = file
        self._text = text
        self._data = text.encode()
        self._ascii = len(self._data) == len(text)
        self._open: list[Element] = []
        self._root: Element | None = None
        self._parser = expat.ParserCreate("utf-8")
        self._parser.ordered_attributes = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        # With a default handler expat leaves entities as they are, so that no element comes from
        # anywhere but this text.
        self._parser.DefaultHandler = lambda _data: None
        try:
            self._parser.Parse(self._data, True)
        except expat.ExpatError as error:
            raise OverlayError(
                file,
                f"line {error.lineno}, column {error.offset}",
                f"not well-formed XML ({expat.ErrorString(error.code)})",
                "Correct the tree's file",
            ) from error

    @property
    def root(self) -> Element:
        assert self._root is not None, "a document that parses has a root"
        return self._root

    def _position(self) -> int:
        index = self._parser.CurrentByteIndex
        return index if self._ascii else len(self._data[:index].decode())

    def _start(self, name: str, attributes: list[str]) -> None:
        parent = self._open[-1] if self._open else None
        element = Element(
            name=name,
            attributes=dict(zip(attributes[::2], attributes[1::2], strict=True)),
            parent=parent,
            start=self._position(),
            line=self._parser.CurrentLineNumber,
        )
        element.start_tag_end = _start_tag_end(self._text, element.start)
        if parent is None:
            self._root = element
        else:
            parent.children.append(element)
        self._open.append(element)

    def _end(self, _name: str) -> None:
        element = self._open.pop()
        if self._text[: element.start_tag_end].endswith("/>"):
            element.end_tag_start = element.end = element.start_tag_end
            return
        element.end_tag_start = self._position()
        element.end = self._text.index(">", element.end_tag_start) + 1


def _start_tag_end(text: str, start: int) -> int:
    """Behind the `>` of the start tag at `start`; one inside a quoted value does not count."""
    at = start
    while text[at] != ">":
        at = text.index(text[at], at + 1) + 1 if text[at] in "\"'" else at + 1
    return at + 1


def _edited_start_tag(tag: str, edits: dict[str, str | None]) -> str:
    left = dict(edits)

    def replaced(match: re.Match[str]) -> str:
        blank, name, equals, _ = match.groups()
        if name not in left:
            return match[0]
        value = left.pop(name)
        return "" if value is None else f'{blank}{name}{equals}"{xml.escape(value)}"'

    blanks = [match[1] for match in _ATTRIBUTE.finditer(tag)]
    tag = _ATTRIBUTE.sub(replaced, tag)
    # A new attribute stands as the last one does: on a line of its own, or behind it.
    blank = blanks[-1] if blanks else " "
    added = "".join(
        f'{blank}{name}="{xml.escape(value)}"' for name, value in left.items() if value is not None
    )
    closing = re.search(r"\s*/?>$", tag)
    assert closing is not None, "a start tag ends with >"
    return tag[: closing.start()] + added + closing[0]


def _encoding(file: str, data: bytes) -> tuple[bytes, str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return mark, encoding
    declared = _DECLARED.match(data)
    name = declared[1].decode() if declared else "utf-8"
    try:
        return b"", codecs.lookup(name).name
    except LookupError as error:
        raise OverlayError(
            file, "XML declaration", f"unknown encoding '{name}'", "Save the file as UTF-8"
        ) from error


def _decoded(file: str, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise OverlayError(
            file,
            f"byte {error.start}",
            f"not {encoding}, which the file declares",
            "Save the file in the encoding of its XML declaration",
        ) from error


def _tag(name: str, attributes: dict[str, str]) -> str:
    return f"<{name}" + "".join(f' {key}="{value}"' for key, value in attributes.items()) + ">"
