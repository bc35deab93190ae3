"""When a recurring job runs next: the ERP's temporal expressions, as pure functions.

A moment is a wall clock time without zone, as the ERP's own calendars are used. What an expression
leaves open (the minute of `HOUR_RANGE`) comes from the moment that its occurrences are asked from.
"""

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from itertools import count
from typing import Protocol

HORIZON = timedelta(days=5 * 366)
"""An expression without an occurrence in this time has none: 29 February is in it."""


MOST_STEPS = 3_000_000
"""Looked at for one job: every minute of the horizon. Three seconds of a processor."""


class NoNextTimeError(Exception):
    """What recurs cannot be followed here; `str()` says why."""


class Steps:
    """How many moments may still be looked at for one job, whatever its expression nests."""

    def __init__(self, most: int = MOST_STEPS) -> None:
        self._left = most

    def take(self) -> None:
        """One more. Raises NoNextTimeError when there are none left."""
        if self._left == 0:
            raise NoNextTimeError("no next time among the first moments of it")
        self._left -= 1


class Unit(IntEnum):
    """Steps of time, the finest first."""

    SECOND = 1
    MINUTE = 2
    HOUR = 3
    DAY = 4
    MONTH = 5
    YEAR = 6


_LENGTHS = {
    Unit.SECOND: timedelta(seconds=1),
    Unit.MINUTE: timedelta(minutes=1),
    Unit.HOUR: timedelta(hours=1),
    Unit.DAY: timedelta(days=1),
}


class Expression(Protocol):
    """What recurs. `unit` is its finest step."""

    @property
    def unit(self) -> Unit: ...

    def includes(self, moment: datetime) -> bool:
        """Whether `moment` is one of its moments."""
        ...

    def occurrences(self, since: datetime, steps: Steps) -> Iterator[datetime]:
        """Moments after `since`, in order, never later than the horizon.

        Raises NoNextTimeError when it would take more than `steps`, or a time that no calendar has.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Frequency:
    """Every `step` units from `start` on (TemporalExpressions.Frequency)."""

    start: datetime
    unit: Unit
    step: int = 1

    def includes(self, moment: datetime) -> bool:
        if moment < self.start:
            return False
        return self._at(self._steps_until(moment)) == moment

    def occurrences(self, since: datetime, steps: Steps) -> Iterator[datetime]:
        first = 0 if since < self.start else self._steps_until(since) + 1
        for number in count(first):
            steps.take()
            moment = self._at(number)
            if moment - since > HORIZON:
                return
            yield moment

    def _at(self, number: int) -> datetime:
        return later(self.start, self.unit, number * self.step)

    def _steps_until(self, moment: datetime) -> int:
        """The last step that is not after `moment`."""
        if self.unit in _LENGTHS:
            return (moment - self.start) // (_LENGTHS[self.unit] * self.step)
        months = (moment.year - self.start.year) * 12 + moment.month - self.start.month
        number = months // (self.step * (12 if self.unit is Unit.YEAR else 1))
        return number if self._at(number) <= moment else number - 1


@dataclass(frozen=True, kw_only=True)
class Matching:
    """Every `unit` of which `holds`: the ranges of hours, days and so on."""

    unit: Unit
    holds: Callable[[datetime], bool]

    def includes(self, moment: datetime) -> bool:
        return self.holds(moment)

    def occurrences(self, since: datetime, steps: Steps) -> Iterator[datetime]:
        return filter(self.holds, Frequency(start=since, unit=self.unit).occurrences(since, steps))


@dataclass(frozen=True)
class Union:
    """The moments of any of its members."""

    members: tuple[Expression, ...]

    @property
    def unit(self) -> Unit:
        return min(member.unit for member in self.members)

    def includes(self, moment: datetime) -> bool:
        return any(member.includes(moment) for member in self.members)

    def occurrences(self, since: datetime, steps: Steps) -> Iterator[datetime]:
        moment = since
        while moment - since <= HORIZON:
            nearest = [found for member in self.members if (found := _first(member, moment, steps))]
            if not nearest:
                return
            moment = min(nearest)
            yield moment


@dataclass(frozen=True)
class Intersection:
    """The moments that all its members share; the finest member gives the steps."""

    members: tuple[Expression, ...]

    @property
    def unit(self) -> Unit:
        return min(member.unit for member in self.members)

    def includes(self, moment: datetime) -> bool:
        return all(member.includes(moment) for member in self.members)

    def occurrences(self, since: datetime, steps: Steps) -> Iterator[datetime]:
        # A frequency's moments are its own; a range's are those of the steps it is asked from.
        finest = min(
            self.members, key=lambda member: (not isinstance(member, Frequency), member.unit)
        )
        return filter(self.includes, finest.occurrences(since, steps))


@dataclass(frozen=True)
class Difference:
    """The moments of `included` that are none of `excluded`."""

    included: Expression
    excluded: Expression

    @property
    def unit(self) -> Unit:
        return self.included.unit

    def includes(self, moment: datetime) -> bool:
        return self.included.includes(moment) and not self.excluded.includes(moment)

    def occurrences(self, since: datetime, steps: Steps) -> Iterator[datetime]:
        return filter(self.includes, self.included.occurrences(since, steps))


def next_time(expression: Expression, *, now: datetime, seeded: datetime) -> datetime | None:
    """The first occurrence after `now`; None when there is none within the horizon.

    Raises NoNextTimeError.

    What the expression leaves open is as in `seeded`, the time that the row came with: a job that
    was seeded for 02:30 and recurs in hour 3 runs at 03:30.
    """
    try:
        since = _aligned(now, seeded, expression.unit)
        found = expression.occurrences(since, Steps())
        return next((moment for moment in found if moment > now), None)
    except (ArithmeticError, ValueError) as error:
        # Numbers that no calendar has: a step of 10^18 days, the year 10000.
        raise NoNextTimeError(f"a time that no calendar has ({error})") from None


def later(start: datetime, unit: Unit, number: int) -> datetime:
    """`number` units after `start`; a month that is too short gives its last day."""
    if unit in _LENGTHS:
        return start + _LENGTHS[unit] * number
    month = start.month - 1 + number * (12 if unit is Unit.YEAR else 1)
    first = start.replace(year=start.year + month // 12, month=month % 12 + 1, day=1)
    return first.replace(day=min(start.day, monthrange(first.year, first.month)[1]))


def _aligned(now: datetime, seeded: datetime, unit: Unit) -> datetime:
    """The last moment until `now` that has what is finer than `unit` from `seeded`."""
    finer: dict[str, int] = {"microsecond": seeded.microsecond}
    for name, its_unit in (("second", Unit.SECOND), ("minute", Unit.MINUTE), ("hour", Unit.HOUR)):
        if its_unit < unit:
            finer[name] = getattr(seeded, name)
    aligned = now.replace(**finer)  # type: ignore[arg-type]  # mypy takes the values for a tzinfo
    return aligned if aligned <= now else later(aligned, unit, -1)


def _first(expression: Expression, since: datetime, steps: Steps) -> datetime | None:
    return next(expression.occurrences(since, steps), None)
