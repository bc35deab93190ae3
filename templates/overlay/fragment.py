"""Reads a rendered XML fragment as values to set."""

from lxml import etree

from templates.context import Context
from templates.renderer import render
from templates.syntax import xml


def rendered_root(context: Context) -> etree._Element:
    """The root element of the rendered fragment."""
    return xml.parse(render(context).encode())


def attributes_of(element: etree._Element) -> dict[str, str]:
    """The attributes as plain text."""
    return {str(name): str(value) for name, value in element.attrib.items()}
