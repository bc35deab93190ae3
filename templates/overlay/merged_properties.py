"""Reads a `.properties` file of the tree, and sets the keys of a rendered fragment in it."""

from templates import properties
from templates.context import Context
from templates.overlay.error import OverlayError
from templates.overlay.files import TreeText
from templates.renderer import render

_ENCODING = "iso-8859-1"
"""What java.util.Properties reads; every byte has a place in it, so nothing is lost."""
_HEADING = "# Added by the cluster; its templates say why."


def properties_of(own: TreeText) -> dict[str, str]:
    """What Java reads from the tree's file. Raises OverlayError."""
    try:
        return properties.load(own.data.decode(_ENCODING))
    except properties.PropertiesError as error:
        raise _unreadable(own, error) from error


def merge_properties(own: TreeText, fragment: Context) -> bytes:
    """The tree's file with the fragment's keys set; all else stays. Raises OverlayError."""
    changes = properties.load(render(fragment))
    try:
        merged = properties.merge(own.data.decode(_ENCODING), changes, _HEADING)
    except properties.PropertiesError as error:
        raise _unreadable(own, error) from error
    return merged.encode(_ENCODING)


def _unreadable(own: TreeText, error: properties.PropertiesError) -> OverlayError:
    return OverlayError(own.path, f"line {error.line}", error.problem, "Correct the tree's file")
