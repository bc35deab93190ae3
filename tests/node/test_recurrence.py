"""When a job recurs: the kinds that occur in the ERP's seed data, and those next to them."""

import time
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.database.recurrence import (
    HORIZON,
    Expression,
    Frequency,
    NoNextTimeError,
    Steps,
    Unit,
    next_time,
)
from node.database.temporal_expressions import (
    ExpiredRecurrenceError,
    ExpressionRow,
    RuleRow,
    UnknownRecurrenceError,
    expression_of,
    expression_of_rule,
)

MIDNIGHT = datetime(2000, 1, 1)
ROWS = {
    "MIDNIGHT_DAILY": ExpressionRow(kind="FREQUENCY", start=MIDNIGHT, integer_1=5, integer_2=1),
    "SENDEMAIL": ExpressionRow(kind="FREQUENCY", integer_1=12, integer_2=15),
    "HOUR_EVERY": ExpressionRow(kind="FREQUENCY", integer_1=11, integer_2=1),
    "YEAR_EVERY": ExpressionRow(kind="FREQUENCY", integer_1=1, integer_2=1),
    "5PM_BIMONDAY": ExpressionRow(
        kind="FREQUENCY", start=datetime(2000, 1, 3, 17), integer_1=5, integer_2=14
    ),
    "HOUR_03": ExpressionRow(kind="HOUR_RANGE", integer_1=3, integer_2=3),
    "HOUR_08": ExpressionRow(kind="HOUR_RANGE", integer_1=8, integer_2=8),
    "NIGHT": ExpressionRow(kind="HOUR_RANGE", integer_1=22, integer_2=4),
    "MINUTE_10": ExpressionRow(kind="MINUTE_RANGE", integer_1=10, integer_2=10),
    "MON_TO_FRI": ExpressionRow(kind="DAY_OF_WEEK_RANGE", integer_1=2, integer_2=6),
    "SAT_TO_SUN": ExpressionRow(kind="DAY_OF_WEEK_RANGE", integer_1=7, integer_2=1),
    "LAST_MONDAY": ExpressionRow(kind="DAY_IN_MONTH", integer_1=2, integer_2=-1),
    "3RD_MONDAY": ExpressionRow(kind="DAY_IN_MONTH", integer_1=2, integer_2=3),
    "JANUARY": ExpressionRow(kind="MONTH_RANGE", integer_1=0, integer_2=0),
    "1ST": ExpressionRow(kind="DAY_OF_MONTH_RANGE", integer_1=1, integer_2=1),
    "15TH": ExpressionRow(kind="DAY_OF_MONTH_RANGE", integer_1=15, integer_2=15),
    "TWICE_A_MONTH": ExpressionRow(kind="UNION", children=(("", "1ST"), ("", "15TH"))),
    "NEW_YEAR": ExpressionRow(kind="INTERSECTION", children=(("", "JANUARY"), ("", "1ST"))),
    "WORK_DAYS": ExpressionRow(
        kind="DIFFERENCE", children=(("INCLUDE", "MON_TO_FRI"), ("EXCLUDE", "NEW_YEAR"))
    ),
    "DAILY_GRIND": ExpressionRow(
        kind="INTERSECTION", children=(("", "HOUR_08"), ("", "WORK_DAYS"))
    ),
    "NEVER": ExpressionRow(kind="INTERSECTION", children=(("", "1ST"), ("", "15TH"))),
    "RING": ExpressionRow(kind="UNION", children=(("", "RING"),)),
    "SUBSTITUTE": ExpressionRow(kind="SUBSTITUTION"),
}
NOW = datetime(2026, 11, 24, 17, 20, 35)
"""A Tuesday."""


def following(name: str, *, now: datetime = NOW, seeded: datetime = MIDNIGHT) -> datetime | None:
    return next_time(expression_of(ROWS, name, seeded), now=now, seeded=seeded)


@pytest.mark.parametrize(
    ("name", "seeded", "expected"),
    [
        ("MIDNIGHT_DAILY", datetime(2000, 1, 1, 3), datetime(2026, 11, 25)),
        ("SENDEMAIL", MIDNIGHT, datetime(2026, 11, 24, 17, 30)),
        ("HOUR_EVERY", datetime(2000, 1, 1, 0, 7), datetime(2026, 11, 24, 18, 7)),
        ("YEAR_EVERY", datetime(2000, 2, 29, 6), datetime(2027, 2, 28, 6)),
        ("5PM_BIMONDAY", MIDNIGHT, datetime(2026, 11, 30, 17)),
        ("HOUR_03", datetime(2008, 5, 14, 2), datetime(2026, 11, 25, 3)),
        ("HOUR_03", datetime(2008, 5, 14, 2, 30), datetime(2026, 11, 25, 3, 30)),
        ("NIGHT", MIDNIGHT, datetime(2026, 11, 24, 22)),
        ("MINUTE_10", MIDNIGHT, datetime(2026, 11, 24, 18, 10)),
        ("MON_TO_FRI", datetime(2000, 1, 1, 6), datetime(2026, 11, 25, 6)),
        ("MON_TO_FRI", datetime(2000, 1, 1, 18), datetime(2026, 11, 24, 18)),
        ("SAT_TO_SUN", MIDNIGHT, datetime(2026, 11, 28)),
        ("LAST_MONDAY", MIDNIGHT, datetime(2026, 11, 30)),
        ("3RD_MONDAY", MIDNIGHT, datetime(2026, 12, 21)),
        ("TWICE_A_MONTH", MIDNIGHT, datetime(2026, 12, 1)),
        ("NEW_YEAR", MIDNIGHT, datetime(2027, 1, 1)),
        ("DAILY_GRIND", MIDNIGHT, datetime(2026, 11, 25, 8)),
    ],
)
def test_the_next_time_of_each_kind(name: str, seeded: datetime, expected: datetime) -> None:
    assert following(name, seeded=seeded) == expected


def test_within_the_hour_it_is_the_seeded_minute_that_counts() -> None:
    """At 03:14 a job of hour 3 that was seeded for the half hour runs in a quarter of an hour."""
    seeded = datetime(2008, 5, 14, 2, 30)
    assert following("HOUR_03", now=datetime(2026, 11, 25, 3, 14), seeded=seeded) == datetime(
        2026, 11, 25, 3, 30
    )
    assert following("HOUR_03", now=datetime(2026, 11, 25, 3, 31), seeded=seeded) == datetime(
        2026, 11, 26, 3, 30
    )


def test_a_working_day_after_a_holiday_skips_it() -> None:
    """31 December 2026 is a Thursday; the Friday is New Year, so Monday is next."""
    assert following("DAILY_GRIND", now=datetime(2026, 12, 31, 9)) == datetime(2027, 1, 4, 8)


def test_what_never_happens_has_no_next_time() -> None:
    assert following("NEVER") is None


@pytest.mark.parametrize("name", ["NOT_THERE", "RING", "SUBSTITUTE"])
def test_what_cannot_be_read_is_named(name: str) -> None:
    with pytest.raises(UnknownRecurrenceError, match=name):
        following(name)


def rule(**changes: object) -> RuleRow:
    plain: dict[str, object] = {
        "start": datetime(2008, 5, 14, 22),
        "done": 0,
        "frequency": "MONTHLY",
        "interval": 1,
        "limit": -1,
    }
    return RuleRow(**{**plain, **changes})  # type: ignore[arg-type]  # one field or another


def following_rule(row: RuleRow) -> datetime | None:
    expression: Expression = expression_of_rule(row, NOW)
    return next_time(expression, now=NOW, seeded=datetime(2008, 5, 14))


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (rule(), datetime(2026, 12, 14, 22)),
        (rule(start=MIDNIGHT, frequency="DAILY", interval=5), datetime(2026, 11, 25)),
        (rule(frequency="weekly"), datetime(2026, 11, 25, 22)),
        (rule(start=datetime(2008, 1, 31, 1), done=9), datetime(2026, 11, 30, 1)),
        (rule(frequency="HOURLY", only={"by_hour_list": "2, 4"}), datetime(2026, 11, 25, 2)),
        (
            rule(frequency="DAILY", only={"by_day_list": "SA,SU", "by_month_list": "11"}),
            datetime(2026, 12, 5, 22),
        ),
    ],
)
def test_the_next_time_of_a_rule(row: RuleRow, expected: datetime) -> None:
    """Months of a rule's list begin with 0, as the ERP reads them."""
    assert following_rule(row) == expected


@pytest.mark.parametrize(
    "row", [rule(limit=1), rule(limit=0), rule(limit=4, done=4), rule(until=datetime(2010, 1, 1))]
)
def test_a_rule_that_is_over_has_no_next_time(row: RuleRow) -> None:
    with pytest.raises(ExpiredRecurrenceError):
        following_rule(row)


@pytest.mark.parametrize(
    "row",
    [
        rule(has_own_dates=True),
        rule(frequency="SOMETIMES"),
        rule(only={"by_day_list": "1MO"}),
        rule(start=None),
    ],
)
def test_a_rule_that_cannot_be_read_is_not_guessed(row: RuleRow) -> None:
    with pytest.raises(UnknownRecurrenceError):
        following_rule(row)


@pytest.mark.parametrize(
    "expression",
    [
        Frequency(start=MIDNIGHT, unit=Unit.DAY, step=10**18),
        Frequency(start=MIDNIGHT, unit=Unit.YEAR, step=10**18),
        Frequency(start=MIDNIGHT, unit=Unit.YEAR, step=9000),
    ],
)
def test_a_step_that_no_calendar_has_is_one_typed_error(expression: Expression) -> None:
    with pytest.raises(NoNextTimeError, match="no calendar"):
        next_time(expression, now=NOW, seeded=MIDNIGHT)


@pytest.mark.parametrize(
    "row",
    [
        rule(frequency="SECONDLY", only={"by_month_day_list": "31", "by_month_list": "1"}),
        rule(frequency="SECONDLY", only={"by_hour_list": "25"}),
    ],
)
def test_a_look_for_what_never_happens_ends_in_seconds(row: RuleRow) -> None:
    """31 February, second by second: without a limit it takes minutes."""
    began = time.process_time()
    with pytest.raises(NoNextTimeError, match="among the first moments"):
        following_rule(row)
    assert time.process_time() - began < 20


def test_an_expression_that_grows_without_end_is_not_followed() -> None:
    """Each level twice the one below: a million members from twenty rows."""
    rows = {
        str(level): ExpressionRow(
            kind="UNION", children=(("", str(level + 1)), (" ", str(level + 1)))
        )
        for level in range(20)
    }
    rows["20"] = ROWS["1ST"]
    with pytest.raises(UnknownRecurrenceError, match="too many members"):
        expression_of(rows, "0", MIDNIGHT)


@given(
    start=st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2030, 1, 1)),
    now=st.datetimes(min_value=datetime(1995, 1, 1), max_value=datetime(2040, 1, 1)),
    unit=st.sampled_from(Unit),
    step=st.integers(min_value=1, max_value=40),
)
def test_a_frequency_is_never_late_and_never_early(
    start: datetime, now: datetime, unit: Unit, step: int
) -> None:
    """The next time is after now, one of its moments, and the first such one."""
    frequency = Frequency(start=start, unit=unit, step=step)
    moment = next_time(frequency, now=now, seeded=start)
    if moment is None:
        assert unit is Unit.YEAR or start - now > HORIZON
        return
    assert moment > now
    assert moment >= start
    assert frequency.includes(moment)
    again = next(frequency.occurrences(now, Steps()))
    assert again == moment
