"""Values within a resource's inputs, by path; what is not known yet is never shown to a rule."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from policies.rule import Fault, Inputs

_UNKNOWN_TEXTS = frozenset(
    {
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
"""How the engine writes a value that a preview cannot know (`sdk/go/common/resource/plugin`)."""

EACH = "[]"
"""Ends a step of a path that goes into every item of a list."""


def is_known(value: Any) -> bool:
    """Whether it is a plain value and not a sign for one that is still to come."""
    if isinstance(value, str):
        return value not in _UNKNOWN_TEXTS
    return value is None or isinstance(value, bool | int | float | Sequence | Mapping)


def at(inputs: Inputs, path: str) -> Iterator[tuple[str, Any]]:
    """Each place that the path leads to, with its value; None where nothing is set.

    `rules[].id` leads into every item of a list, and nowhere when the list is not set. Places whose
    value is unknown, or within something unknown, are left out.
    """
    yield from _from(inputs, path.split("."), "")


def value_at(inputs: Inputs, path: str) -> Any:
    """The one value; None where nothing is set or known."""
    return next((value for _, value in at(inputs, path)), None)


def argument(inputs: Inputs, name: str) -> Any:
    """As it is, be it known or not; None where it is not set."""
    # No `get`: the inputs of a recording refuse it, since a default hides a slip in a name.
    return inputs[name] if name in inputs else None  # noqa: SIM401 - see above


def expect(inputs: Inputs, path: str, fits: Callable[[Any], bool], change: str) -> list[Fault]:
    """A fault for each value at the path that does not fit; `change` says what to do about it."""
    return [
        Fault(place=place, seen=shown(value), change=change)
        for place, value in at(inputs, path)
        if not fits(value)
    ]


def shown(value: Any) -> str:
    """As a person writes it in a stack file."""
    if value is None:
        return "not set"
    return str(value).lower() if isinstance(value, bool) else str(value)


def items_at(inputs: Inputs, path: str) -> list[Any] | None:
    """The items of a list, none where it is not set; None while it, or one of them, is unknown."""
    for _, items in at(inputs, path):
        found = list(items or ())
        return found if all(map(is_known, found)) else None
    return None


def one_of(*allowed: Any) -> Callable[[Any], bool]:
    """Whether it is one of these."""
    return lambda value: value in allowed


def is_true(value: Any) -> bool:
    """Whether it is set to true; some arguments of AWS are the text."""
    return value is True or value == "true"


def is_not_true(value: Any) -> bool:
    """Whether it is false, or not set where that means false."""
    return not is_true(value)


def is_set(value: Any) -> bool:
    """Whether it says anything: not null, zero or empty."""
    return bool(value)


def _from(value: Any, steps: list[str], place: str) -> Iterator[tuple[str, Any]]:
    if not is_known(value):
        return
    if not steps:
        yield place, value
        return
    step, *further = steps
    name = step.removesuffix(EACH)
    here = f"{place}.{name}" if place else name
    inner = value[name] if isinstance(value, Mapping) and name in value else None
    if not step.endswith(EACH):
        yield from _from(inner, further, here)
    elif is_known(inner):
        for index, item in enumerate(inner or ()):
            yield from _from(item, further, f"{here}[{index}]")
