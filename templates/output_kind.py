"""The kinds of output: how each writes a value, and the reader that must accept the result.

Escaping is chosen here, by kind, never by a template's author.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from templates import properties
from templates.errors import NotParsable
from templates.syntax import cloud_config, haproxy, postgresql, spring, systemd, xml

Value = str | int | float | bool


@dataclass(frozen=True)
class OutputKind:
    """One kind. `escape` raises NotPrintable, `parse` raises NotParsable."""

    name: str
    escape: Callable[[Value], str]
    parse: Callable[[str], object]


def _written(escape: Callable[[str], str]) -> Callable[[Value], str]:
    """Java, HAProxy and PostgreSQL all write truth as `true` and `false`."""
    return lambda value: escape(str(value).lower() if isinstance(value, bool) else str(value))


def _parse_properties(text: str) -> dict[str, str]:
    try:
        return properties.load(text)
    except properties.PropertiesError as error:
        raise NotParsable(error.line, error.problem) from error


def _parse_json(text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise NotParsable(error.lineno, error.msg) from error


XML = OutputKind("XML", _written(xml.escape), lambda text: xml.parse(text.encode()))
PROPERTIES = OutputKind("properties", _written(properties.escape_value), _parse_properties)
SPRING_PROPERTIES = OutputKind("Spring properties", _written(spring.escape), _parse_properties)
JSON = OutputKind("JSON", json.dumps, _parse_json)
HAPROXY = OutputKind("HAProxy configuration", _written(haproxy.escape), haproxy.parse)
POSTGRESQL_CONF = OutputKind(
    "postgresql.conf", _written(postgresql.escape_setting), postgresql.parse_settings
)
PG_HBA = OutputKind("pg_hba.conf", _written(postgresql.escape_hba), postgresql.parse_hba)
CLOUD_CONFIG = OutputKind("cloud-config", _written(cloud_config.escape), cloud_config.parse)
ENVIRONMENT_FILE = OutputKind(
    "environment file", _written(systemd.escape_variable), systemd.parse_environment
)
SYSTEMD_UNIT = OutputKind("systemd unit", _written(systemd.escape_directive), systemd.parse_unit)
