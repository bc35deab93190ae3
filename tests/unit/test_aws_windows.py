"""Windows of time: lengths and overlaps, around midnight and around the week's end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from settings.aws.windows import (
    DAYS,
    MINUTES_A_DAY,
    MINUTES_A_WEEK,
    daily_minutes,
    overlap_minutes,
    weekly_minutes,
)

MINUTES_OF_DAY = st.integers(0, MINUTES_A_DAY - 1)
MINUTES_OF_WEEK = st.integers(0, MINUTES_A_WEEK - 1)


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def moment(minute: int) -> str:
    day, rest = divmod(minute % MINUTES_A_WEEK, MINUTES_A_DAY)
    return f"{DAYS[day]}:{clock(rest)}"


@pytest.mark.parametrize(
    ("daily", "weekly", "minutes"),
    [
        ("01:00-02:00", "sun:02:00-sun:03:00", 0),
        ("01:00-02:00", "sun:01:30-sun:03:00", 30),
        ("23:30-00:30", "mon:00:00-mon:01:00", 30),
        ("23:30-00:30", "sun:23:00-mon:02:00", 60),
        ("00:00-00:30", "sat:00:00-mon:00:00", 60),
    ],
)
def test_overlaps_of_some_windows(daily: str, weekly: str, minutes: int) -> None:
    assert overlap_minutes(daily, weekly) == minutes


@given(MINUTES_OF_DAY, st.integers(0, MINUTES_A_DAY - 1))
def test_a_daily_window_is_as_long_as_its_ends_are_apart(begin: int, length: int) -> None:
    end = (begin + length) % MINUTES_A_DAY
    assert daily_minutes(f"{clock(begin)}-{clock(end)}") == length


@given(MINUTES_OF_WEEK, st.integers(0, MINUTES_A_WEEK - 1))
def test_a_weekly_window_is_as_long_as_its_ends_are_apart(begin: int, length: int) -> None:
    assert weekly_minutes(f"{moment(begin)}-{moment(begin + length)}") == length


@given(MINUTES_OF_DAY, st.integers(30, 600), MINUTES_OF_WEEK, st.integers(30, 600))
def test_an_overlap_is_no_longer_than_either_window_and_counts_each_minute(
    begin: int, length: int, week_begin: int, week_length: int
) -> None:
    daily = f"{clock(begin)}-{clock((begin + length) % MINUTES_A_DAY)}"
    weekly = f"{moment(week_begin)}-{moment(week_begin + week_length)}"
    common = sum(
        (minute - begin) % MINUTES_A_DAY < length
        for minute in range(week_begin, week_begin + week_length)
    )
    assert overlap_minutes(daily, weekly) == common <= week_length
