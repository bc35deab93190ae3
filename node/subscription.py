"""Does the JVM receive the cache clears of the others? The cluster component in it says so."""

from pathlib import Path

from node.fresh_report import fresh_report

MAX_AGE_S = 15.0
"""The component writes every five seconds."""


def read_subscribed(path: Path) -> bool:
    """True: the component said a moment ago that it is subscribed to the topic."""
    figures = fresh_report(path, MAX_AGE_S)
    return figures is not None and figures.get("subscribed") is True
