"""Names of the alarms that call a release off, known before the alarms are made."""

from collections.abc import Iterable
from typing import Final

from components.aws.surroundings import AwsSurroundings
from settings.aws.groups import server_groups
from settings.aws.settings import AwsSettings

OF_ALL: Final = ("server-errors", "latency-p95")
"""What visitors notice of new nodes, whichever they are."""
OF_COLOUR: Final = "errors"
"""With the colour behind it: what those notice who came to a new colour, however few."""


def subjects(colours: Iterable[str]) -> tuple[str, ...]:
    """What they watch, which is the end of the names that the program gives."""
    return (*OF_ALL, *(f"{OF_COLOUR}-{colour}" for colour in colours))


def release_alarms(settings: AwsSettings, around: AwsSurroundings) -> tuple[str, ...]:
    """The beginnings of their names, which end with what Pulumi drew; none where none may ring."""
    if not settings.monitoring.alarms or settings.release.ignore_alarms:
        return ()
    colours = (group.colour for group in server_groups(settings))
    return tuple(f"{around.named(subject)}-" for subject in subjects(colours))
