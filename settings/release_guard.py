"""Keeps the old colour until its visitors have left it. The clock is the caller's."""

from datetime import datetime

from contract.faults import Fault
from settings.errors import SettingsError
from settings.release import Released, may_drop_from, other


def refuse_early_drop(settings: Released, *, now: datetime, where: str) -> None:
    """Returns when the stack may be as it says. Raises `SettingsError` when the other colour is
    gone although visitors may still be on it; `now` has a time zone.

    Their cookie names a node that is not there any more: they get errors from a load balancer of
    AWS, and have to log in again everywhere.
    """
    release, free_at = settings.release, may_drop_from(settings)
    old = other(release.active)
    if release.drop_early or release.colour(old) is not None:
        return
    if free_at is None or now >= free_at:
        return
    fault = Fault(
        place=("release", old),
        problem=f"{old} was switched away from at {release.switched_at}, and visitors stay on it "
        f"for stickinessS {settings.balancer.stickiness_s}: until {free_at:%Y-%m-%dT%H:%M}Z",
        hint=f"Keep release.{old} until then, or set release.dropEarly to true: who is still on "
        "it gets errors.",
    )
    raise SettingsError(where, [fault])
