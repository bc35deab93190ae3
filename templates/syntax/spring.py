"""Values of a `.properties` file that Spring puts into an XML's placeholders."""

from templates import properties
from templates.errors import NotPrintable

_EVALUATED = ("${", "#{")


def escape(text: str) -> str:
    """The value as it must be written; reaches the bean equal.

    Raises NotPrintable when Spring would evaluate it: it resolves placeholders inside of values
    too, and runs `#{…}` as code; neither can be escaped.
    """
    if any(sign in text for sign in _EVALUATED):
        raise NotPrintable("Spring evaluates ${ and #{ in a value; another secret is needed")
    return properties.escape_value(text)
