"""What differs between two sets of inputs, and whether AWS needs a new resource for it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tests.engine.doubles.aws.codec import opened
from tests.engine.doubles.aws.replacements import replaces

Kind = Literal["ADD", "DELETE", "UPDATE"]

_ABSENT = object()


@dataclass(frozen=True)
class Difference:
    """One place within the inputs."""

    argument: str
    path: str
    kind: Kind
    replaces: bool

    @property
    def protocols_kind(self) -> str:
        """The name in the protocol's enumeration."""
        return f"{self.kind}_REPLACE" if self.replaces else self.kind


def differences(
    type_: str, olds: Mapping[str, Any], news: Mapping[str, Any]
) -> tuple[Difference, ...]:
    """Every place that differs; secrets are compared by what they hold."""
    return tuple(
        Difference(argument, path, kind, replaces(type_, argument))
        for argument in sorted({*olds, *news} - {"__defaults"})
        for path, kind in _between(
            opened(olds.get(argument, _ABSENT)), opened(news.get(argument, _ABSENT)), argument
        )
    )


def _between(old: Any, new: Any, path: str) -> Iterator[tuple[str, Kind]]:
    if old is _ABSENT or new is _ABSENT:
        if not (old is new or old is None or new is None):
            yield path, "ADD" if old is _ABSENT else "DELETE"
    elif isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new}):
            inner = f"{path}.{key}" if key.isidentifier() else f'{path}["{key}"]'
            yield from _between(old.get(key, _ABSENT), new.get(key, _ABSENT), inner)
    elif isinstance(old, list) and isinstance(new, list):
        for index in range(max(len(old), len(new))):
            yield from _between(_at(old, index), _at(new, index), f"{path}[{index}]")
    elif old != new:
        yield path, "UPDATE"


def _at(items: list[Any], index: int) -> Any:
    return items[index] if index < len(items) else _ABSENT
