"""The ERP's rows that say when a job recurs, as expressions.

TemporalExpressionWorker.makeTemporalExpression and RecurrenceRule.java read the same rows.
"""

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from node.database.recurrence import (
    Difference,
    Expression,
    Frequency,
    Intersection,
    Matching,
    NoNextTimeError,
    Union,
    Unit,
)

UNITS_OF_JAVA = {
    1: Unit.YEAR,
    2: Unit.MONTH,
    5: Unit.DAY,
    10: Unit.HOUR,
    # HOUR_EVERY is seeded with it, which the ERP itself refuses (TemporalExpressions.Frequency).
    11: Unit.HOUR,
    12: Unit.MINUTE,
    13: Unit.SECOND,
}
"""Fields of java.util.Calendar."""
UNITS_OF_RULES = {
    "SECONDLY": (Unit.SECOND, 1),
    "MINUTELY": (Unit.MINUTE, 1),
    "HOURLY": (Unit.HOUR, 1),
    "DAILY": (Unit.DAY, 1),
    "WEEKLY": (Unit.DAY, 7),
    "MONTHLY": (Unit.MONTH, 1),
    "YEARLY": (Unit.YEAR, 1),
}
MOST_MEMBERS = 500
"""Of one expression, those of its members counted in; stock has none of more than a dozen."""
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class UnknownRecurrenceError(NoNextTimeError):
    """A row recurs in a way that is not read here; `str()` says which."""


class ExpiredRecurrenceError(Exception):
    """The recurrence has no further occurrence."""


@dataclass(frozen=True, kw_only=True)
class ExpressionRow:
    """`temporal_expression`. Times are wall clock times of the node's zone."""

    kind: str | None
    start: datetime | None = None
    integer_1: int | None = None
    integer_2: int | None = None
    children: tuple[tuple[str, str], ...] = ()
    """`temporal_expression_assoc`: kind of the association and id of the child."""


@dataclass(frozen=True, kw_only=True)
class RuleRow:
    """`recurrence_info` with its `recurrence_rule`."""

    start: datetime | None
    done: int
    """How often it has recurred."""
    frequency: str
    interval: int
    limit: int
    """How often it may; -1 without a bound."""
    until: datetime | None = None
    only: Mapping[str, str] = field(default_factory=dict)
    """The rule's lists: column → values, with commas."""
    has_own_dates: bool = False
    """Whether it adds dates of its own, or leaves some out."""


def expression_of(rows: Mapping[str, ExpressionRow], name: str, seeded: datetime) -> Expression:
    """The expression `name`. A frequency without a start begins at `seeded`.

    Raises UnknownRecurrenceError.
    """
    return _expression(rows, name, seeded, inside=(), members=count(1))


def expression_of_rule(rule: RuleRow, now: datetime) -> Expression:
    """Raises ExpiredRecurrenceError or UnknownRecurrenceError."""
    if rule.until is not None and rule.until <= now:
        raise ExpiredRecurrenceError
    if rule.limit != -1 and max(rule.done, 1) >= rule.limit:
        raise ExpiredRecurrenceError
    if rule.has_own_dates:
        raise UnknownRecurrenceError("a recurrence that adds dates or leaves some out")
    if rule.frequency.upper() not in UNITS_OF_RULES or rule.interval < 1:
        raise UnknownRecurrenceError(f"the frequency {rule.frequency!r} / {rule.interval}")
    if rule.start is None:
        raise UnknownRecurrenceError("a recurrence without the time that it starts at")
    unit, length = UNITS_OF_RULES[rule.frequency.upper()]
    frequency = Frequency(start=rule.start, unit=unit, step=rule.interval * length)
    # The ERP steps by the frequency and takes what all lists allow (RecurrenceRule.validByRule).
    lists = [_only(column, values) for column, values in rule.only.items() if values]
    return Intersection((frequency, *lists)) if lists else frequency


def _expression(
    rows: Mapping[str, ExpressionRow],
    name: str,
    seeded: datetime,
    *,
    inside: tuple[str, ...],
    members: Iterator[int],
) -> Expression:
    if next(members) > MOST_MEMBERS:
        raise UnknownRecurrenceError(f"temporal expression {name!r}: one of too many members")
    row = rows.get(name)
    if row is None or name in inside:
        raise UnknownRecurrenceError(f"temporal expression {name!r}: is not there, or holds itself")

    def children(kind: str | None = None) -> tuple[Expression, ...]:
        found = tuple(
            _expression(rows, child, seeded, inside=(*inside, name), members=members)
            for its_kind, child in row.children
            if kind is None or its_kind == kind
        )
        if not found:
            raise UnknownRecurrenceError(f"temporal expression {name!r}: has no members")
        return found

    match row.kind:
        case "UNION":
            return Union(children())
        case "INTERSECTION":
            return Intersection(children())
        case "DIFFERENCE":
            return Difference(children("INCLUDE")[0], children("EXCLUDE")[0])
        case "FREQUENCY" if row.integer_1 in UNITS_OF_JAVA and (row.integer_2 or 0) > 0:
            return Frequency(
                start=row.start or seeded,
                unit=UNITS_OF_JAVA[row.integer_1],
                step=row.integer_2 or 1,
            )
    found = _matching(row)
    if found is None:
        raise UnknownRecurrenceError(f"temporal expression {name!r} of the kind {row.kind!r}")
    return found


def _matching(row: ExpressionRow) -> Matching | None:
    first, last = row.integer_1, row.integer_2
    if first is None or last is None:
        return None
    if row.kind == "DAY_IN_MONTH":
        return Matching(unit=Unit.DAY, holds=lambda moment: _is_day_in_month(moment, first, last))
    ranges: dict[str, tuple[Unit, Callable[[datetime], int]]] = {
        "MINUTE_RANGE": (Unit.MINUTE, lambda moment: moment.minute),
        "HOUR_RANGE": (Unit.HOUR, lambda moment: moment.hour),
        "DAY_OF_MONTH_RANGE": (Unit.DAY, lambda moment: moment.day),
        "DAY_OF_WEEK_RANGE": (Unit.DAY, _java_weekday),
        "MONTH_RANGE": (Unit.DAY, lambda moment: moment.month - 1),
    }
    if row.kind not in ranges:
        return None
    unit, number = ranges[row.kind]
    return Matching(unit=unit, holds=lambda moment: _in_range(number(moment), first, last))


def _in_range(number: int, first: int, last: int) -> bool:
    """Saturday to Sunday is 7 to 1."""
    return first <= number <= last if first <= last else number >= first or number <= last


def _java_weekday(moment: datetime) -> int:
    """1 is Sunday."""
    return moment.isoweekday() % 7 + 1


def _is_day_in_month(moment: datetime, weekday: int, occurrence: int) -> bool:
    """The second Monday is (2, 2), the last one (2, -1)."""
    if _java_weekday(moment) != weekday:
        return False
    if occurrence > 0:
        return (moment.day - 1) // 7 + 1 == occurrence
    return -((monthrange(moment.year, moment.month)[1] - moment.day) // 7 + 1) == occurrence


def _only(column: str, values: str) -> Matching:
    allowed = [value.strip() for value in values.split(",")]
    if column == "by_day_list" and set(allowed) <= set(WEEKDAYS):
        days = {WEEKDAYS.index(value) for value in allowed}
        return Matching(unit=Unit.DAY, holds=lambda moment: moment.weekday() in days)
    numbers: dict[str, Callable[[datetime], int]] = {
        "by_second_list": lambda moment: moment.second,
        "by_minute_list": lambda moment: moment.minute,
        "by_hour_list": lambda moment: moment.hour,
        "by_month_day_list": lambda moment: moment.day,
        # January is 0 to the ERP, unlike in RFC 5545 (RecurrenceRule.validByRule).
        "by_month_list": lambda moment: moment.month - 1,
    }
    if column not in numbers or not all(value.isdecimal() for value in allowed):
        raise UnknownRecurrenceError(f"a recurrence rule with {column} = {values!r}")
    wanted, number = {int(value) for value in allowed}, numbers[column]
    return Matching(unit=Unit.DAY, holds=lambda moment: number(moment) in wanted)
