"""A cloud-config that cloud-init fills with its own Jinja2 before it reads it as YAML.

Sources: cloud-init, reference/datasources and explanation/instancedata; its `templater.py` fills
with `trim_blocks` and nothing else. YAML 1.1, 5.1 "Character Set" and 8.1.2 "Literal Style".
"""

import re
from typing import Any

import jinja2

from templates.errors import NotParsable, NotPrintable

HEADER = "## template: jinja\n#cloud-config\n"
"""The first line makes cloud-init fill the text, the second makes it read the result."""

_INDENTATION = " " * 3
"""Of the text of a file: `content: |1`, in a list item that is not indented; each sign counts."""

_INSTANCE = {"v1": {"instance_id": "i-0123456789abcdef0"}}
"""What stands in for the server's own data while the text is read back."""

_END_OF_RAW = re.compile(r"\{%[-+]?\s*endraw")
_NOT_IN_A_LITERAL = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


def escape(text: str) -> str:
    """The text of a file as it stands in a literal block, within `raw`; reads back equal.

    Raises NotPrintable for what no literal block can hold, and for the end of `raw` itself.
    """
    if (found := _NOT_IN_A_LITERAL.search(text)) is not None:
        raise NotPrintable(f"a literal block of YAML cannot hold U+{ord(found[0]):04X}")
    if _END_OF_RAW.search(text):
        raise NotPrintable("a file's text must not end cloud-init's raw block")
    first, *rest = text.removesuffix("\n").split("\n")
    return "\n".join([first, *(_INDENTATION + line if line else "" for line in rest)])


def parse(text: str) -> dict[str, Any]:
    """The configuration that cloud-init reads on a server. Raises NotParsable."""
    import yaml

    if not text.startswith(HEADER):
        raise NotParsable(1, "must begin with `## template: jinja` and `#cloud-config`")
    try:
        found = yaml.safe_load(filled(text))
    except jinja2.TemplateSyntaxError as error:
        raise NotParsable(error.lineno, f"cloud-init's Jinja2: {error.message}") from error
    except jinja2.UndefinedError as error:
        raise NotParsable(0, f"cloud-init's Jinja2: {error.message}") from error
    except yaml.MarkedYAMLError as error:
        line = 0 if error.problem_mark is None else error.problem_mark.line + 1
        raise NotParsable(line, f"as cloud-init fills it: {error.problem}") from error
    if not isinstance(found, dict):
        raise NotParsable(0, "must be a mapping")
    return found


def filled(text: str) -> str:
    """The text after cloud-init's own pass, as on a server with the id of `_INSTANCE`."""
    environment = jinja2.Environment(  # noqa: S701 - as cloud-init does it: the text is no HTML
        trim_blocks=True, keep_trailing_newline=True, undefined=jinja2.StrictUndefined
    )
    return environment.from_string(text).render(_INSTANCE)
