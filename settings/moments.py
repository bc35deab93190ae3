"""Moments that a stack file names."""

from datetime import datetime
from typing import Annotated

from pydantic import StringConstraints

from contract.faults import Fault, Location

Instant = Annotated[
    str,
    StringConstraints(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?Z$",
    ),
]
"""A moment in UTC; text, because a stack file's text is compared and shown as it was written."""


def instant(text: str) -> datetime:
    """The moment that an `Instant` names. Raises ValueError for a 31st of February."""
    return datetime.fromisoformat(text)


def not_in_the_calendar(place: Location, text: str | None) -> list[Fault]:
    """The fault of a text that looks like a moment and is none."""
    if text is None:
        return []
    try:
        instant(text)
    except ValueError:
        return [Fault(place=place, problem=f'"{text}" is no moment that the calendar has')]
    return []
