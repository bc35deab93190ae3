"""The page says what was measured, for both modes, and draws it."""

from dataclasses import replace

from tests.benchmark.measurements import (
    FanOut,
    Freshness,
    Kills,
    Leak,
    Measured,
    Outage,
    Overhead,
)
from tests.benchmark.table import page_text

RESILIENT = Measured(
    overhead=Overhead(untold_ms=50.0, told_ms=52.0, ratio=1.04, pairs=150),
    outage=Outage(normal_ms=5.0, failed=0, tried=20, took_ms=5.5, logged_in=True),
    freshness=Freshness(median_ms=4.0, p99_ms=20.0, never=0),
    kills=Kills(kills=3, stale=0, fresh_within_s=2.0),
    leak=Leak(writes=1000, attempts=5, threads=0),
    fan_out=FanOut(
        subscribers=50,
        writes_per_second=1000.0,
        failures=0,
        median_ms=9.0,
        p99_ms=80.0,
        deepest_queue=120,
        dropped=0,
        missing=0,
        broker_cpu=0.5,
    ),
)
STOCK = replace(
    RESILIENT,
    overhead=Overhead(untold_ms=50.0, told_ms=2000.0, ratio=40.0, pairs=20),
    outage=Outage(normal_ms=25.0, failed=20, tried=20, took_ms=130.0, logged_in=False),
    freshness=Freshness(median_ms=6.0, p99_ms=30.0, never=2),
    kills=Kills(kills=3, stale=7, fresh_within_s=10.0),
    leak=Leak(writes=1000, attempts=1000, threads=1003),
)


def _row(text: str, begins: str) -> str:
    (row,) = [line for line in text.splitlines() if line.startswith(f"| {begins}")]
    return row


def test_both_modes_stand_side_by_side_with_their_ratios() -> None:
    text = page_text(STOCK, RESILIENT, load=0.5)
    assert "| 2000.0 ms, 40.00× | 52.0 ms, 1.04× |" in _row(text, "transaction")
    assert "| 6.0 / 30.0 ms, 2 never | 4.0 / 20.0 ms |" in _row(text, "peer fresh")
    assert "| 7 | 0 |" in _row(text, "both brokers killed 3 times")


def test_a_peer_that_stays_stale_is_explained() -> None:
    assert "leaves before the commit" in page_text(STOCK, RESILIENT, load=0.5)
    fresh = replace(STOCK, freshness=RESILIENT.freshness)
    assert "leaves before the commit" not in page_text(fresh, RESILIENT, load=0.5)


def test_an_outage_says_what_failed_or_how_long_it_took() -> None:
    text = page_text(STOCK, RESILIENT, load=0.5)
    outage = _row(text, "write while no broker")
    assert "| 20 of 20 fail after 130 ms (median) | 5.5 ms, 1.10× |" in outage
    assert "| impossible | works |" in _row(text, "log in")


def test_a_leak_is_told_with_what_was_tried() -> None:
    """Few attempts prove little, so the page says how many there were, and what proves more."""
    text = page_text(STOCK, RESILIENT, load=0.5)
    leak = _row(text, "threads more after 1,000 writes")
    assert "| 1003 (1,000 attempts to publish) | 0 (5 attempts to publish) | 0 |" in leak
    assert "`DeadBrokerTest`" in text


def test_the_page_says_how_busy_the_machine_was() -> None:
    """A figure from a busy machine says little."""
    assert "load average 0.5 before" in page_text(STOCK, RESILIENT, load=0.5)


def test_the_plots_have_a_bar_for_each_name() -> None:
    text = page_text(STOCK, RESILIENT, load=0.5)
    assert text.count("xychart-beta") == 2
    assert 'x-axis ["no clear", "resilient", "stock"]' in text
    assert "bar [50.0, 52.0, 2000.0]" in text


def test_without_simulated_subscribers_the_page_says_nothing_of_them() -> None:
    """Inside the ERP there are no fifty nodes."""
    text = page_text(replace(STOCK, fan_out=None), replace(RESILIENT, fan_out=None), load=0.5)
    assert "subscribers" not in text
    assert "transaction of 100 rows" in text
