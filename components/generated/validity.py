"""How long a certificate lasts, and when the next one takes its place."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

CLOCK_SKEW: Final = timedelta(hours=1)
"""A certificate counts from this long ago, so that a machine whose clock is late accepts it."""


@dataclass(frozen=True, kw_only=True)
class Validity:
    """A certificate's life: `lifetime` from now, renewed by the first update in `renew_before`."""

    lifetime: timedelta
    renew_before: timedelta

    def starts(self, now: datetime) -> datetime:
        return now - CLOCK_SKEW

    def ends(self, now: datetime) -> datetime:
        return now + self.lifetime

    def must_renew(self, expires: datetime, now: datetime) -> bool:
        """True from `renew_before` the end on."""
        return now >= expires - self.renew_before
