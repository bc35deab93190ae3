"""The longest recovery of each fault that a test run saw, printed at the run's end.

The column "longest seen" of docs/operations.md is taken from this table.
"""

from collections.abc import Callable

import pytest

LongestSeen = Callable[[str, float], None]
"""Takes the fault in the words of the page, and the seconds that the recovery took."""

PROPERTY = "longest seen"


@pytest.fixture
def longest_seen(record_property: Callable[[str, object], None]) -> LongestSeen:
    """Records how long a recovery took: `longest_seen("the live broker is killed, TLS", 4.2)`."""

    def record(fault: str, seconds: float) -> None:
        record_property(PROPERTY, [fault, seconds])

    return record


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints the table: also where tests ran in other processes, since reports carry it."""
    longest: dict[str, float] = {}
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == PROPERTY:
                fault, seconds = value
                longest[fault] = max(seconds, longest.get(fault, 0))
    if not longest:
        return
    terminalreporter.section("longest seen")
    for fault, seconds in sorted(longest.items()):
        terminalreporter.write_line(f"{seconds:8.1f} s  {fault}")
