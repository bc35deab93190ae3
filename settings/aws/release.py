"""`scipio:release` on AWS: each colour is a group of servers."""

from typing import Annotated

from pydantic import Field

from settings.aws.names import PinnedImage
from settings.aws.servers import Size
from settings.release import Colour, Release


class ServerColour(Colour):
    """One of two sets of servers: what it leaves out is as `image` and `servers` say."""

    image: PinnedImage | None = None
    """The image of this colour, by its digest; null: the one that `image` gives."""
    min: Size | None = None
    """Never fewer servers of this colour."""
    max: Size | None = None
    """Never more servers of this colour; connections are counted over both."""
    desired: Size | None = None
    """How many at first."""


class ServerRelease(Release[ServerColour]):
    """How a new image reaches visitors."""

    canary_percent: Annotated[int, Field(ge=0, le=99)]
    """Share of new visitors that the colour gets which is not active: 5, then 50, then `active`."""
    watch_s: Annotated[int, Field(ge=0, le=3600)]
    """How long the alarms are watched after new visitors were moved; one that rings moves them
    back."""
    ignore_alarms: bool
    """Whether releases go on while alarms ring, for the one that mends an outage; false calls them
    off."""
