"""Whether a colour is left: no visitor is held on it by a cookie that has not run out.

Both balancers begin a cookie's time anew with each request. So a colour that gets no new visitors
is left once it had no request for as long as a cookie lasts, and no moment tells it before.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Use:
    """How a colour is used, as its balancer saw it. All times in seconds, back from now."""

    last_request_s: float | None
    """Since its last request; None: there was none within `seen_s`."""
    seen_s: float
    """How far back is seen."""
    unseen_s: float = 0
    """What came so lately may not have been reported yet."""
    under_way: int = 0
    """Requests that are being answered."""

    @property
    def unused_s(self) -> float:
        """For how long it certainly had no request."""
        if self.under_way:
            return 0
        last_s = self.seen_s if self.last_request_s is None else self.last_request_s
        return max(last_s - self.unseen_s, 0)

    def is_left(self, stickiness_s: float) -> bool:
        """Whether every cookie that leads to it has run out."""
        return self.unused_s >= stickiness_s

    def __str__(self) -> str:
        if self.under_way:
            return f"{self.under_way} requests under way"
        if self.last_request_s is None:
            return f"no request in the last {_minutes(self.seen_s)}"
        return f"last request {_minutes(self.last_request_s)} ago"


def why_kept(colour: str, use: Use, stickiness_s: float) -> str:
    """The sentence for a colour that is not left. Raises `ValueError` for one that is."""
    left_s = stickiness_s - use.unused_s
    if left_s <= 0:
        raise ValueError(f"{colour} is left")
    return (
        f"{colour} is still used ({use}), and visitors stay on it for {_minutes(stickiness_s)} "
        f"after each request: it may go when it had none for so long, in {_minutes(left_s)} at the "
        f"earliest. Keep release.{colour} until then (`make colours` shows it), or set "
        "release.dropEarly to true: who is still on it gets errors and logs in again."
    )


def _minutes(seconds: float) -> str:
    return f"{max(seconds, 0) / 60:.0f} min"
