"""Whether a time zone's name is one: a JVM and AWS both know the names of the IANA database."""

from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from contract.faults import Fault, Location, nearest


def unknown_time_zone(name: str, place: Location, consequence: str) -> list[Fault]:
    """One fault when nobody knows `name`; `consequence` says what would come of it."""
    if _is_known(name):
        return []
    near = nearest(name, sorted(available_timezones()))
    return [
        Fault(
            place=place,
            problem=f'"{name}" is no time zone, and {consequence}',
            hint=f"Did you mean {near}?" if near else 'Names look like "Europe/Berlin".',
        )
    ]


@cache
def _is_known(name: str) -> bool:
    """True also where this machine has no time zone database to ask."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, IsADirectoryError):
        return not available_timezones()
    return True
