"""XML 1.0: values for attributes and elements, and a reader that fetches and expands nothing."""

import re

from lxml import etree

from templates.errors import NotParsable, NotPrintable

Element = etree._Element
"""What `parse` gives."""

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCES = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&apos;",
    # A reader turns bare ones into blanks inside attributes (XML 1.0, 3.3.3).
    "\t": "&#9;",
    "\n": "&#10;",
    "\r": "&#13;",
}
_CONTENT = {_REFERENCES[sign]: sign for sign in "\"'\t\n"}


def escape(text: str) -> str:
    """The text as it must stand in an attribute, and may stand in an element; reads back equal.

    Raises NotPrintable for a character that XML 1.0 does not have.
    """
    if match := _NOT_XML.search(text):
        raise NotPrintable(f"XML 1.0 has no character U+{ord(match.group()):04X}")
    return "".join(_REFERENCES.get(sign, sign) for sign in text)


def escape_content(text: str) -> str:
    """The text for inside an element, with nothing escaped that need not be; reads back equal."""
    return re.sub(r"&(quot|apos|#9|#10);", lambda found: _CONTENT[found[0]], escape(text))


def parse(data: bytes) -> etree._Element:
    """The root element. Raises NotParsable."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise NotParsable(error.lineno or 0, error.msg or "not well-formed XML") from error
