"""PostgreSQL's two configuration files: `postgresql.conf` and `pg_hba.conf`.

Sources: PostgreSQL 15 manual, 20.1.2 "Parameter Interaction via the Configuration File" and 21.1
"The pg_hba.conf File".
"""

import re

from templates.errors import NotParsable, NotPrintable

_SETTING = re.compile(r"([A-Za-z_][A-Za-z0-9_.]*)\s*=\s*('(?:[^'\\]|''|\\.)*'|[^\s'#]+)\s*(?:#.*)?")
_BARE_SETTING = re.compile(
    r"-?[0-9]+(?:\.[0-9]+)?(?:[kMGT]?B|ms|s|min|h|d)?|[A-Za-z_][A-Za-z0-9_-]*"
)
_HBA_WORD = re.compile(r'"([^"]*)"|([^\s"#,]+)')
_BARE_HBA = re.compile(r"[A-Za-z0-9_./:-]+")
_HBA_KINDS = {"local": 4, "host": 5, "hostssl": 5, "hostnossl": 5}
_HBA_METHODS = {"scram-sha-256", "peer", "reject", "trust", "cert"}
_HBA_KEYWORDS = {"all", "sameuser", "samerole", "replication", "samehost", "samenet"}


def escape_setting(text: str) -> str:
    """A value of `postgresql.conf`, quoted when it has to be; reads back equal."""
    _refuse_line_ends(text)
    if _BARE_SETTING.fullmatch(text):
        return text
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def parse_settings(text: str) -> dict[str, str]:
    """Parameter → value. Raises NotParsable."""
    settings: dict[str, str] = {}
    for line, content in enumerate(text.split("\n"), start=1):
        if not content.strip() or content.lstrip().startswith("#"):
            continue
        match = _SETTING.fullmatch(content.strip())
        if match is None:
            raise NotParsable(line, "must be `parameter = value`")
        settings[match[1]] = _unquoted(match[2])
    return settings


def escape_hba(text: str) -> str:
    """A word of `pg_hba.conf`; a role that is called like a keyword is quoted, so it stays a role.

    Raises NotPrintable for `"` and line ends, which a word cannot hold.
    """
    _refuse_line_ends(text)
    if '"' in text:
        raise NotPrintable('a word of pg_hba.conf cannot hold a "')
    return text if _BARE_HBA.fullmatch(text) and text not in _HBA_KEYWORDS else f'"{text}"'


def parse_hba(text: str) -> tuple[tuple[str, ...], ...]:
    """The records, each as its words without quotes. Raises NotParsable."""
    records: list[tuple[str, ...]] = []
    for line, content in enumerate(text.split("\n"), start=1):
        if not content.strip() or content.lstrip().startswith("#"):
            continue
        record = tuple(quoted or bare for quoted, bare in _HBA_WORD.findall(content))
        if len(record) != _HBA_KINDS.get(record[0], 0):
            raise NotParsable(
                line,
                f"a record must begin with one of {sorted(_HBA_KINDS)}"
                " and have its number of fields",
            )
        if record[-1] not in _HBA_METHODS:
            raise NotParsable(line, f"'{record[-1]}' is not a method used here")
        records.append(record)
    return tuple(records)


def _refuse_line_ends(text: str) -> None:
    if any(sign in text for sign in "\r\n\0"):
        raise NotPrintable("a PostgreSQL setting is one line; the value has a line end or NUL")


def _unquoted(written: str) -> str:
    if not written.startswith("'"):
        return written
    return re.sub(r"''|\\(.)", lambda match: match[1] or "'", written[1:-1])
