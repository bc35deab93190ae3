"""Rules of a release that hold on every platform.

The first line of a rule's docstring is the rule, as docs/settings.md prints it.
"""

from collections.abc import Callable

from contract.faults import Fault
from settings.release import Released, other

STICKINESS_MAX_S = 43_200
"""Half a day: less than a night and the way home."""


def active_colour_exists(settings: Released) -> list[Fault]:
    """The colour that `release.active` names is there."""
    active = settings.release.active
    if settings.release.colour(active) is not None:
        return []
    return [
        Fault(
            place=("release", "active"),
            others=(("release", active),),
            problem=f"{active} gets all visitors, and release.{active} is null: there are no "
            f"{active} nodes",
            hint=f"Say release.{active} (an empty section, {{}}, will do), or make "
            f"{other(active)} active.",
        )
    ]


def rolling_has_one_colour(settings: Released) -> list[Fault]:
    """In mode `rolling` there is the active colour alone."""
    release = settings.release
    second = other(release.active)
    if release.mode != "rolling" or release.colour(second) is None:
        return []
    return [
        Fault(
            place=("release", second),
            others=(("release", "mode"),),
            problem=f"there are {second} nodes too, and mode rolling has the active colour alone",
            hint=f"Set release.{second} to null, or release.mode to bluegreen.",
        )
    ]


def two_colours_have_their_images(settings: Released) -> list[Fault]:
    """While there are two colours, each names its image: else both would change together."""
    release = settings.release
    if release.mode != "bluegreen" or release.blue is None or release.green is None:
        return []
    return [
        Fault(
            place=("release", name, "image"),
            others=(("release", other(name)),),
            problem=f"{name} names no image, so that a new one would replace its nodes too",
            hint="Name the image that it runs now.",
        )
        for name, colour in release.colours()
        if colour.image is None
    ]


def colours_empty_over_night(settings: Released) -> list[Fault]:
    """In mode `bluegreen`, `balancer.stickinessS` is 43200 at most: nights empty a colour then."""
    stickiness_s = settings.balancer.stickiness_s
    if settings.release.mode != "bluegreen" or stickiness_s <= STICKINESS_MAX_S:
        return []
    return [
        Fault(
            place=("balancer", "stickinessS"),
            others=(("release", "mode"),),
            problem=f"{stickiness_s} s from each request on: who works here every day never leaves "
            "the old colour",
            hint=f"Set it to a session's time, and to {STICKINESS_MAX_S} at most.",
        )
    ]


RULES: tuple[Callable[[Released], list[Fault]], ...] = (
    active_colour_exists,
    rolling_has_one_colour,
    two_colours_have_their_images,
    colours_empty_over_night,
)
