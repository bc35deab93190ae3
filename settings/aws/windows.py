"""Times of a week at which AWS may do something. Pure; texts in, minutes out."""

from collections.abc import Iterator

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

MINUTES_A_DAY = 24 * 60
MINUTES_A_WEEK = 7 * MINUTES_A_DAY


def minute_of_day(clock: str) -> int:
    """`02:30` → 150."""
    hours, _, minutes = clock.partition(":")
    return int(hours) * 60 + int(minutes)


def daily_minutes(window: str) -> int:
    """How long `01:00-02:00` is; one that ends where it begins has no length."""
    begin, _, end = window.partition("-")
    return (minute_of_day(end) - minute_of_day(begin)) % MINUTES_A_DAY


def weekly_minutes(window: str) -> int:
    """How long `sun:02:30-sun:03:30` is; one that ends where it begins has no length."""
    begin, _, end = window.partition("-")
    return (_minute_of_week(end) - _minute_of_week(begin)) % MINUTES_A_WEEK


def overlap_minutes(daily: str, weekly: str) -> int:
    """For how many minutes of a week both windows are open."""
    return len(_minutes_of_daily(daily) & set(_minutes_of_weekly(weekly)))


def _minute_of_week(moment: str) -> int:
    day, _, clock = moment.partition(":")
    return DAYS.index(day) * MINUTES_A_DAY + minute_of_day(clock)


def _minutes_of_daily(window: str) -> set[int]:
    begin = minute_of_day(window.partition("-")[0])
    return {
        (day * MINUTES_A_DAY + begin + minute) % MINUTES_A_WEEK
        for day in range(len(DAYS))
        for minute in range(daily_minutes(window))
    }


def _minutes_of_weekly(window: str) -> Iterator[int]:
    begin = _minute_of_week(window.partition("-")[0])
    for minute in range(weekly_minutes(window)):
        yield (begin + minute) % MINUTES_A_WEEK
