"""Visitors of two colours, and the cookie that keeps each of them where it is.

The load balancer begins the cookie's time anew with every request
(docs.aws.amazon.com/elasticloadbalancing/latest/application/sticky-sessions.html): who comes back
within it never leaves, however long ago the weights were changed.
"""

from dataclasses import dataclass, field


@dataclass
class Balancer:
    """Time is the test's, in seconds. `weights` are those of new visitors, by colour."""

    stickiness_s: float
    weights: dict[str, int]
    now_s: float = 0
    requests: dict[str, list[float]] = field(default_factory=dict)
    """Colour → when it was asked."""
    _cookies: dict[str, tuple[str, float]] = field(default_factory=dict)
    """Visitor → its colour, and until when."""

    def ask(self, visitor: str) -> str:
        """The colour that answers."""
        colour, until_s = self._cookies.get(visitor, ("", 0))
        if self.now_s >= until_s:
            colour = max(self.weights, key=lambda name: self.weights[name])
        self._cookies[visitor] = (colour, self.now_s + self.stickiness_s)
        self.requests.setdefault(colour, []).append(self.now_s)
        return colour

    def held(self, colour: str) -> set[str]:
        """Visitors whose next request would go to the colour."""
        return {
            visitor
            for visitor, (name, until_s) in self._cookies.items()
            if name == colour and self.now_s < until_s
        }

    def unused_s(self, colour: str) -> float:
        """Since its last request, or since the beginning."""
        return self.now_s - max(self.requests.get(colour, [0.0]))
