"""The groups of servers that a stack has: one colour, or two during a release."""

from typing import NamedTuple

from settings.aws.release import ServerColour
from settings.aws.settings import AwsSettings
from settings.release import ColourName


class ServerGroup(NamedTuple):
    """One group of servers with everything resolved."""

    colour: ColourName
    image: str | None
    """An image of its own, by digest; None: the one that `image` of the stack gives."""
    min: int
    max: int
    desired: int
    active: bool
    """Whether new visitors come here."""
    weight: int
    """Of new visitors, in percent; those of the other colour stay by their cookie."""


def server_groups(settings: AwsSettings) -> tuple[ServerGroup, ...]:
    """The groups in the order of `COLOURS`; one of them at least, and one of them active.

    A stack in `rolling` has one group too: its colour is the name of a resource, so that a change
    to `bluegreen` and back replaces nothing.
    """
    return tuple(_group(settings, name, colour) for name, colour in settings.release.colours())


def active_group(settings: AwsSettings) -> ServerGroup | None:
    """The group that new visitors get; None only for settings that break a rule."""
    return next((group for group in server_groups(settings) if group.active), None)


def _group(settings: AwsSettings, name: ColourName, colour: ServerColour) -> ServerGroup:
    servers = settings.servers
    smallest = servers.min if colour.min is None else colour.min
    release = settings.release
    active = release.active == name
    desired = servers.desired if colour.desired is None else colour.desired
    return ServerGroup(
        colour=name,
        image=colour.image,
        min=smallest,
        max=servers.max if colour.max is None else colour.max,
        desired=smallest if desired is None else desired,
        active=active,
        weight=100 - release.canary_percent if active else release.canary_percent,
    )
