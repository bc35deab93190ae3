"""Durations are written as Go prints them, or Docker's answer would differ from what was asked."""

import pytest

from components.docker.health_check import duration


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"),
        (2, "2s"),
        (59, "59s"),
        (60, "1m0s"),
        (90, "1m30s"),
        (3600, "1h0m0s"),
        (7325, "2h2m5s"),
    ],
)
def test_a_duration_reads_as_gos_own(seconds: int, text: str) -> None:
    """`time.Duration.String`."""
    assert duration(seconds) == text
