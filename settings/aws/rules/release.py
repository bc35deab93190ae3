"""Rules of images and colours."""

from contract.faults import Fault
from settings import release_rules
from settings.aws.groups import server_groups
from settings.aws.rules.rule import Rule
from settings.aws.settings import AwsSettings
from settings.moments import not_in_the_calendar
from settings.release import other


def image_has_one_source(settings: AwsSettings) -> list[Fault]:
    """`image.existing` and `image.build` are not both set."""
    if settings.image.existing is None or settings.image.build is None:
        return []
    return [
        Fault(
            place=("image", "existing"),
            others=(("image", "build"),),
            problem="names an image that is there, and image.build says how to build one",
            hint="Keep one of them and set the other to null.",
        )
    ]


def image_is_pinned(settings: AwsSettings) -> list[Fault]:
    """In `prod`, `image.existing` has a digest: what a tag means may change between two nodes."""
    image = settings.image.existing
    if settings.profile != "prod" or image is None or "@sha256:" in image:
        return []
    return [
        Fault(
            place=("image", "existing"),
            problem=f"{image} is named by its tag, and two nodes could run different images",
            hint="Name it by its digest: …@sha256:….",
        )
    ]


def colours_keep_their_sizes_in_order(settings: AwsSettings) -> list[Fault]:
    """For each colour, `min` ≤ `desired` ≤ `max`, with what it leaves out as in `servers`."""
    return [
        Fault(
            place=("release", group.colour),
            others=(("servers", "min"), ("servers", "max"), ("servers", "desired")),
            problem=f"the sizes of {group.colour} are not in order: min {group.min}, desired "
            f"{group.desired}, max {group.max}",
            hint="What a colour leaves out is taken from servers.",
        )
        for group in server_groups(settings)
        if (colour := settings.release.colour(group.colour)) is not None
        and (colour.min, colour.max, colour.desired) != (None, None, None)
        and not (group.min <= group.desired <= group.max and group.max >= 1)
    ]


def a_canary_has_a_colour(settings: AwsSettings) -> list[Fault]:
    """`release.canaryPercent` is 0 unless there are two colours."""
    release = settings.release
    if release.canary_percent == 0 or (release.blue is not None and release.green is not None):
        return []
    second = other(release.active)
    return [
        Fault(
            place=("release", "canaryPercent"),
            others=(("release", second),),
            problem=f"{release.canary_percent} % of new visitors shall get {second}, and there are "
            f"no {second} nodes",
            hint=f"Say release.{second}, or set release.canaryPercent to 0.",
        )
    ]


def restore_is_from_a_moment(settings: AwsSettings) -> list[Fault]:
    """`database.restore.at` is a day that the calendar has."""
    restore = settings.database.restore
    at = restore.at if restore is not None and restore.kind == "point-in-time" else None
    return not_in_the_calendar(("database", "restore", "at"), at)


RULES: tuple[Rule, ...] = (
    image_has_one_source,
    image_is_pinned,
    *release_rules.RULES,
    colours_keep_their_sizes_in_order,
    a_canary_has_a_colour,
    restore_is_from_a_moment,
)
