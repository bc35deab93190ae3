"""The table of the page and its plots, from what was measured."""

from collections.abc import Sequence

from automation.figures_page import measured
from tests.benchmark.measurements import FanOut, Freshness, Leak, Measured, Outage


def page_text(stock: Measured, resilient: Measured, *, load: float) -> str:
    """Markdown; nothing in it judges. `load` is the machine's load average before it began."""
    rows = [
        "| what | stock | resilient | goal |",
        "|---|---|---|---|",
        _row(
            "transaction of 100 rows, against the same one without a cache clear",
            *(f"{m.overhead.told_ms:.1f} ms, {m.overhead.ratio:.2f}×" for m in (stock, resilient)),
            "≤ 1.1×",
        ),
        _row(
            "write while no broker answers, against one with a broker",
            *(_outage(m.outage) for m in (stock, resilient)),
            "succeeds, ≤ 1.2×",
        ),
        _row(
            "log in while no broker answers",
            *("works" if m.outage.logged_in else "impossible" for m in (stock, resilient)),
            "works",
        ),
        _row(
            "peer fresh after the write's answer, median / p99",
            *(_freshness(m.freshness) for m in (stock, resilient)),
            "≤ 10 / ≤ 50 ms",
        ),
        _row(
            f"both brokers killed {stock.kills.kills} times while two nodes write: rows stale 10 s "
            "after one is back",
            *(str(m.kills.stale) for m in (stock, resilient)),
            "0",
        ),
        _row(
            f"threads more after {resilient.leak.writes:,} writes without a broker",
            *(_leak(m.leak) for m in (stock, resilient)),
            "0",
        ),
        *_fan_out_rows(stock.fan_out, resilient.fan_out),
    ]
    return "\n\n".join(
        [
            f"{measured(load)}.",
            "\n".join(rows),
            *_notes(stock, resilient),
            *_plots(stock, resilient),
        ]
    )


def _notes(stock: Measured, resilient: Measured) -> list[str]:
    notes = [
        f"Transactions: medians of {stock.overhead.pairs} pairs in mode stock and of "
        f"{resilient.overhead.pairs} in mode resilient, each with and without telling, in turn.",
        "Threads: the resilient sender tries once for all that waits and not at every write. That "
        "1,000 failed attempts of its own leave no thread behind, but for the one timer that a JVM "
        "with the client has, is held by a test of the sender (`DeadBrokerTest`).",
    ]
    if stock.freshness.never:
        notes.append(
            "Never fresh: the stock message leaves before the commit, so that a peer which "
            "receives it soon enough reads the old row once more, and keeps it until the next "
            "write."
        )
    return notes


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _outage(outage: Outage) -> str:
    if outage.failed:
        return f"{outage.failed} of {outage.tried} fail after {outage.took_ms:.0f} ms (median)"
    return f"{outage.took_ms:.1f} ms, {outage.ratio:.2f}×"


def _freshness(freshness: Freshness) -> str:
    never = f", {freshness.never} never" if freshness.never else ""
    return f"{freshness.median_ms:.1f} / {freshness.p99_ms:.1f} ms{never}"


def _leak(leak: Leak) -> str:
    return f"{leak.threads} ({leak.attempts:,} attempts to publish)"


def _fan_out_rows(stock: FanOut | None, resilient: FanOut | None) -> list[str]:
    if stock is None or resilient is None:
        return []
    both = (stock, resilient)
    head = f"{resilient.subscribers} subscribers on one topic"
    return [
        _row(f"{head}: writes a second", *(f"{m.writes_per_second:.0f}" for m in both), "1,000"),
        _row(
            f"{head}: every one reached, median / p99",
            *(f"{m.median_ms:.1f} / {m.p99_ms:.1f} ms" for m in both),
            "measured",
        ),
        _row(
            f"{head}: deepest queue of the sender",
            "no queue",
            f"{resilient.deepest_queue} (of them {resilient.dropped} became a clear of everything)",
            "measured",
        ),
        _row(
            f"{head}: messages missing, writes failed",
            *(f"{m.missing}, {m.failures}" for m in both),
            "0, 0",
        ),
        _row(
            f"{head}: broker, of one core",
            *(f"{100 * m.broker_cpu:.0f} %" for m in both),
            "measured",
        ),
    ]


def _plots(stock: Measured, resilient: Measured) -> list[str]:
    return [
        _plot(
            "Transaction of 100 rows",
            ["no clear", "resilient", "stock"],
            [resilient.overhead.untold_ms, resilient.overhead.told_ms, stock.overhead.told_ms],
        ),
        _plot(
            "Peer fresh after the write's answer",
            ["resilient, median", "stock, median", "resilient, p99", "stock, p99"],
            [
                resilient.freshness.median_ms,
                stock.freshness.median_ms,
                resilient.freshness.p99_ms,
                stock.freshness.p99_ms,
            ],
        ),
    ]


def _plot(title: str, names: Sequence[str], values: Sequence[float]) -> str:
    """Drawn by the page's viewer (Mermaid's XY chart)."""
    quoted = [f'"{name}"' for name in names]
    return "\n".join(
        [
            "```mermaid",
            "xychart-beta",
            f'    title "{title}"',
            f"    x-axis [{', '.join(quoted)}]",
            '    y-axis "ms"',
            f"    bar [{', '.join(f'{value:.1f}' for value in values)}]",
            "```",
        ]
    )
