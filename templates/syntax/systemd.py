"""What systemd reads: environment files and unit files.

Sources: systemd.exec(5) "EnvironmentFile=", systemd.syntax(7), systemd.unit(5) "Specifiers".
"""

import re

from templates.errors import NotParsable, NotPrintable

_BARE = re.compile(r"[A-Za-z0-9_@%+=:,./-]*")
_ASSIGNMENT = re.compile(r'([A-Za-z_][A-Za-z0-9_]*)=(?:"((?:[^"\\]|\\.)*)"|([^\s"\'\\]*))')
_QUOTED_SIGN = re.compile(r'([\\"$`])')
_SECTION = re.compile(r"\[[A-Z][A-Za-z]*\]")
_KEY = re.compile(r"[A-Z][A-Za-z0-9]*=.*")


def escape_variable(text: str) -> str:
    """A value of an environment file, quoted when it has to be; a shell reads it the same.

    Raises NotPrintable for line ends.
    """
    _refuse_line_ends(text, "a variable")
    return text if _BARE.fullmatch(text) else '"' + _QUOTED_SIGN.sub(r"\\\1", text) + '"'


def parse_environment(text: str) -> dict[str, str]:
    """Name → value. Raises NotParsable."""
    variables: dict[str, str] = {}
    for line, content in enumerate(text.split("\n"), start=1):
        if not content or content.startswith("#"):
            continue
        match = _ASSIGNMENT.fullmatch(content)
        if match is None:
            raise NotParsable(line, "must be `NAME=value`")
        quoted, bare = match[2], match[3]
        variables[match[1]] = bare if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
    return variables


def escape_directive(text: str) -> str:
    """A value in a unit file: `%` begins a specifier there. Raises NotPrintable for line ends."""
    _refuse_line_ends(text, "a directive")
    return text.replace("%", "%%")


def parse_unit(text: str) -> tuple[tuple[str, str], ...]:
    """Pairs of section and directive, in order. Raises NotParsable."""
    directives: list[tuple[str, str]] = []
    section = ""
    for line, content in enumerate(text.split("\n"), start=1):
        if not content or content.startswith("#"):
            continue
        if _SECTION.fullmatch(content):
            section = content.strip("[]")
        elif section and _KEY.fullmatch(content):
            directives.append((section, content))
        else:
            raise NotParsable(line, "must be `[Section]`, or `Key=value` within one")
    return tuple(directives)


def _refuse_line_ends(text: str, what: str) -> None:
    if any(sign in text for sign in "\r\n\0"):
        raise NotPrintable(f"{what} is one line; the value has a line end or NUL")
