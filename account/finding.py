"""What was found out about one thing that the stack needs of its account."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["fits", "mind", "lacks", "unknown"]
"""`mind`: an update works, and there is something to decide. `lacks`: an update would fail, or
would make what does not work. `unknown`: the account did not answer the question."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One line of the report. `remedy` is empty where nothing is to be done."""

    subject: str
    verdict: Verdict
    seen: str
    remedy: str = ""


def fits(subject: str, seen: str) -> Finding:
    """The account has it."""
    return Finding(subject=subject, verdict="fits", seen=seen)


def mind(subject: str, seen: str, remedy: str) -> Finding:
    """It works, and there is something to decide."""
    return Finding(subject=subject, verdict="mind", seen=seen, remedy=remedy)


def lacks(subject: str, seen: str, remedy: str) -> Finding:
    """An update would fail."""
    return Finding(subject=subject, verdict="lacks", seen=seen, remedy=remedy)


def unknown(subject: str, seen: str, remedy: str) -> Finding:
    """The question was not answered."""
    return Finding(subject=subject, verdict="unknown", seen=seen, remedy=remedy)
