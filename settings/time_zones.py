"""Whether a time zone's name is one: for the image's JVM and AWS alike, both of the IANA database.

`time_zones.txt` has the names that the JDK of the node's image knows, which Debian 12 carries. A
newer database has some more, and a system's has names of its own (`localtime`, `posix/…`): the JVM
takes GMT for all of those, without a word. `java tests/unit/ZoneNames.java` prints the list anew.
"""

from functools import cache
from pathlib import Path

from contract.faults import Fault, Location, nearest

JVM_NAMES = Path(__file__).with_name("time_zones.txt")


def unknown_time_zone(name: str, place: Location, consequence: str) -> list[Fault]:
    """One fault when the JVM does not know `name`; `consequence` says what would come of it."""
    if name in known_time_zones():
        return []
    near = nearest(name, sorted(known_time_zones()))
    return [
        Fault(
            place=place,
            problem=f'"{name}" is no time zone that Java 17 knows, and {consequence}',
            hint=f"Did you mean {near}?" if near else 'Names look like "Europe/Berlin".',
        )
    ]


@cache
def known_time_zones() -> frozenset[str]:
    """The names that may stand in a stack file."""
    return frozenset(JVM_NAMES.read_text(encoding="ascii").split())
