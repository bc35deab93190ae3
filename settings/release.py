"""What `scipio:release` says on every platform: two colours, and when the old one may go."""

from collections.abc import Sequence
from typing import Generic, Literal, Protocol, TypeVar

from settings.section import Section

ColourName = Literal["blue", "green"]

COLOURS: Sequence[ColourName] = ("blue", "green")


class Colour(Section):
    """One of two sets of nodes; each platform says how its sizes are written."""

    image: str | None = None
    """The image of this colour; null: the one that the stack gives to all."""


ColourT_co = TypeVar("ColourT_co", bound=Colour, covariant=True)
"""What a platform says of a colour; settings are frozen, so a narrower one serves everywhere."""


class Release(Section, Generic[ColourT_co]):
    """How a new image reaches visitors."""

    mode: Literal["rolling", "bluegreen"]
    """`rolling` replaces nodes one after another: fast, and each visitor of a replaced node logs
    in again. `bluegreen` keeps the old colour for its visitors: no session is lost."""
    active: ColourName
    """The colour that new visitors get. Unused in `rolling`."""
    blue: ColourT_co | None
    """Null: there are no blue nodes."""
    green: ColourT_co | None
    """Null: there are no green nodes."""
    drop_early: bool
    """Whether a colour may go although visitors are still on it; they get errors, then log in
    again."""

    def colour(self, name: ColourName) -> ColourT_co | None:
        """What the stack says of a colour; None: it has no nodes of that colour."""
        return self.blue if name == "blue" else self.green

    def colours(self) -> tuple[tuple[ColourName, ColourT_co], ...]:
        """The colours that have nodes, in the order of `COLOURS`."""
        both = ((name, self.colour(name)) for name in COLOURS)
        return tuple((name, colour) for name, colour in both if colour is not None)


class Sticky(Protocol):
    """A balancer that keeps visitors where they are for a time."""

    @property
    def stickiness_s(self) -> int: ...


class Released(Protocol):
    """The settings of a stack on any platform, as far as a release goes."""

    @property
    def release(self) -> Release[Colour]: ...

    @property
    def balancer(self) -> Sticky: ...


def other(name: ColourName) -> ColourName:
    """The other colour."""
    return "green" if name == "blue" else "blue"
