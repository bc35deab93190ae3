"""Durations as the arguments write them (Go's text, `1m30s`) and as Docker takes them."""

import re

DURATION_PATTERN = r"0|(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+"
DURATION_RULE = "a duration such as 500ms, 5s or 1m30s"

_NANOSECONDS = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
}


def nanoseconds(duration: str) -> int:
    """A duration that fits `DURATION_PATTERN`, as Docker's API counts."""
    parts = re.findall(r"(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)", duration)
    return round(sum(float(amount) * _NANOSECONDS[unit] for amount, unit in parts))


def duration_text(count_ns: int) -> str:
    """A text that `nanoseconds` reads back; whole seconds as Go writes them (`1m30s`)."""
    if count_ns % 1_000_000:
        return f"{count_ns}ns"
    if count_ns % 1_000_000_000:
        return f"{count_ns // 1_000_000}ms"
    minutes, seconds = divmod(count_ns // 1_000_000_000, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}h{minutes}m{seconds}s"
    return f"{minutes}m{seconds}s" if minutes else f"{seconds}s"
