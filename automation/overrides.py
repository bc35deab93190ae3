"""Settings given on the command line for one run, such as `nodes.count=3`."""

import json
from collections.abc import Iterable

from automation.errors import AutomationError


class BadOverrideError(AutomationError):
    """An override is not of the form section.key=value."""

    exit_code = 2


def parse_overrides(texts: Iterable[str]) -> dict[str, dict[str, object]]:
    """`["nodes.count=3"]` → `{"nodes": {"count": 3}}`. Values are JSON, else plain text."""
    overrides: dict[str, dict[str, object]] = {}
    for text in texts:
        path, equals, value = text.partition("=")
        section, dot, key = path.partition(".")
        if not (equals and dot and section and key):
            raise BadOverrideError(
                f"--set {text}: must be section.key=value, e.g. --set nodes.count=3."
            )
        overrides.setdefault(section, {})[key] = _value(value)
    return overrides


def _value(text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text
