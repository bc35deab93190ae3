"""The colours that a stack has: one that visitors are still on does not go."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    CreateResult,
    DiffResult,
    Resource,
    ResourceProvider,
    UpdateResult,
)

from release.colour_use import use_of
from release.errors import ReleaseError
from release.evidence import why_kept

_KEPT = ("places", "stickinessS", "dropEarly")


class KeptColoursProvider(ResourceProvider):
    """Looks at a colour that is about to go, in a preview already."""

    def check(self, olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        if news["dropEarly"]:
            return CheckResult(news, [])
        places = olds.get("places") or {}
        # Cookies that were given before the change last as long as they were given for.
        stickiness_s = max(float(olds.get("stickinessS") or 0), float(news["stickinessS"]))
        kept = [
            _kept(colour, places[colour], stickiness_s)
            for colour in sorted(places.keys() - news["places"].keys())
        ]
        return CheckResult(news, [CheckFailure("places", why) for why in kept if why])

    def diff(self, _id: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> DiffResult:
        return DiffResult(changes=any(olds.get(key) != news.get(key) for key in _KEPT))

    def create(self, props: dict[str, Any]) -> CreateResult:
        return CreateResult(id_="colours", outs=dict(props))

    def update(self, _id: str, _olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        return UpdateResult(outs=dict(news))


def _kept(colour: str, place: Mapping[str, Any], stickiness_s: float) -> str | None:
    """Why the colour may not go; None: it may."""
    try:
        use = use_of(colour, place, stickiness_s)
    except ReleaseError as error:
        return (
            f"it cannot be seen whether {colour} is still used: {error} Set release.dropEarly to "
            "true to drop it all the same."
        )
    return None if use.is_left(stickiness_s) else why_kept(colour, use, stickiness_s)


@dataclass(frozen=True, kw_only=True)
class KeptColoursArgs:
    """`places` says for each colour where its requests are seen (`release.colour_use`)."""

    places: Mapping[str, Mapping[str, pulumi.Input[str]]]
    stickiness_s: int
    drop_early: bool


class KeptColours(Resource, module="scipio", name="KeptColours"):
    """A colour goes once it had no request for as long as a cookie lasts, or when it is told to."""

    def __init__(self, name: str, args: KeptColoursArgs, opts: pulumi.ResourceOptions) -> None:
        props = {
            "places": {colour: dict(place) for colour, place in args.places.items()},
            "stickinessS": args.stickiness_s,
            "dropEarly": args.drop_early,
        }
        super().__init__(KeptColoursProvider(), name, props, opts)
