"""From a stack's configuration to checked `Settings`, or to every fault in it at once."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from contract.faults import Fault, Location, faults_of, in_quotes, nearest
from settings.config_keys import PROJECT, Overrides, ReadKeys, read_keys
from settings.errors import SettingsError
from settings.platforms import (
    MODELS,
    AnySettings,
    PlatformName,
    broken_rules,
    platform_of,
    section_keys,
)
from settings.profiles import ProfileName, defaults, profile_names, stand_ins
from settings.sections import laid_over


def load(
    stack_config: Mapping[str, object], *, where: str, overrides: Overrides | None = None
) -> AnySettings:
    """The settings of one stack: its configuration over its profile's table, validated once.

    `stack_config` has the keys of the project (`scipio:nodes`, or `nodes` as `pulumi.Config`
    gives them), each value structured or the JSON text that Pulumi makes of it. `where` names the
    stack in messages; `overrides` win over the configuration. Raises `SettingsError` with all
    faults.
    """
    named = named_profile(stack_config)
    read = read_keys(stack_config, overrides or {}, platform_of(named) if named else None)
    profile = named or _stand_in_profile(read)
    platform = platform_of(profile)
    faults = [*read.faults, *([] if named else [_unknown_profile(read)])]
    given = _of_platform(read, platform)
    merged = laid_over({"profile": profile, **defaults(profile)}, given)
    try:
        settings = _validated(merged, platform)
    except ValidationError as error:
        found = faults_of(error, MODELS[platform])
        explained = [_explained(read, fault, profile, named) for fault in found]
        known = [fault.place for fault in read.faults]
        faults += [one for one in explained if not _touches_any(one.place, known)]
        settings = _validated(_sound_part(profile, given, found), platform)
    faults += _rule_faults(read, settings, faults, only_given=named is None)
    if faults:
        raise SettingsError(where, faults)
    return settings


def named_profile(stack_config: Mapping[str, object]) -> ProfileName | None:
    """The profile, where the stack names a known one."""
    given = stack_config.get(f"{PROJECT}:profile", stack_config.get("profile"))
    return next((name for name in profile_names() if name == given), None)


def _stand_in_profile(read: ReadKeys) -> ProfileName:
    """What the rest is checked against: the profile most likely meant."""
    given = read.sections.get("profile")
    near = nearest(given, profile_names()) if isinstance(given, str) else None
    return next((name for name in profile_names() if name == near), profile_names()[0])


def _unknown_profile(read: ReadKeys) -> Fault:
    names, given = profile_names(), read.sections.get("profile")
    near = nearest(given, names) if isinstance(given, str) else None
    return Fault(
        place=read.as_written(("profile",)),
        problem="missing" if given is None else f"got {in_quotes(given)}",
        allowed=f"one of {', '.join(names)}",
        hint=f"Did you mean {near}?" if near else None,
    )


def _of_platform(read: ReadKeys, platform: PlatformName) -> dict[str, Any]:
    """What was given, less what the platform has no section for and `read` let stand."""
    model = MODELS[platform]
    names = {str(info.alias) for info in model.model_fields.values()} - {"profile"}
    return {name: value for name, value in read.sections.items() if name in names}


def _validated(plain: Mapping[str, Any], platform: PlatformName) -> AnySettings:
    """Strict, so that `"3"` is no number and `3` no text; through JSON, which has no tuples."""
    text = json.dumps(plain, default=str)
    return MODELS[platform].model_validate_json(text, strict=True, by_alias=True, by_name=False)


def _explained(
    read: ReadKeys, fault: Fault, profile: ProfileName, named: ProfileName | None
) -> Fault:
    """The fault as the person wrote its place, with what the profile has to do with it."""
    hint = fault.hint
    if fault.problem == "got null" and _is_in(defaults(profile), fault.place):
        hint = "Leave the key out to keep the profile's value."
    foreign = _platforms_with(fault.place, platform_of(profile)) if named else []
    others = () if foreign else tuple(read.as_written(place) for place in fault.others)
    if foreign:
        hint = f"It is a key of the platform {' and '.join(foreign)}; the profile {profile} runs "
        hint += f"on {platform_of(profile)}."
    return replace(fault, place=read.as_written(fault.place), hint=hint, others=others)


def _is_in(plain: Any, place: Location) -> bool:
    for part in place:
        if not isinstance(plain, Mapping) or part not in plain:
            return False
        plain = plain[part]
    return True


def _platforms_with(place: Location, platform: PlatformName) -> list[PlatformName]:
    """The platforms that have the key at `place`, where this one does not."""
    if len(place) != 2 or place[1] in section_keys(platform, str(place[0])):
        return []
    return [other for other in MODELS if place[1] in section_keys(other, str(place[0]))]


def _sound_part(
    profile: ProfileName, given: Mapping[str, Any], faults: list[Fault]
) -> dict[str, Any]:
    """What was given less every key with a fault, over the profile's table: valid by itself."""
    faulty = {fault.place[:2] for fault in faults}
    sound: dict[str, Any] = {}
    for section, values in given.items():
        if (section,) in faulty:
            continue
        if isinstance(values, Mapping):
            sound[section] = {k: v for k, v in values.items() if (section, k) not in faulty}
        else:
            sound[section] = values
    whole = laid_over({"profile": profile, **defaults(profile)}, stand_ins(profile))
    return laid_over(whole, sound)


def _rule_faults(
    read: ReadKeys, settings: AnySettings, faults: list[Fault], *, only_given: bool
) -> list[Fault]:
    """Broken rules whose keys are all sound, led by a key that the person wrote.

    `only_given` leaves out rules that rest on a profile's value: the profile is not known.
    """
    found = []
    for fault in broken_rules(settings):
        places = (fault.place, *fault.others)
        written = [read.as_written(place) for place in places]
        given = [_is_given(read, place) for place in places]
        if any(_is_in_doubt(place, faults) for place in written):
            continue
        if only_given and not all(given):
            continue
        lead = given.index(True) if any(given) else 0
        others = tuple(place for i, place in enumerate(written) if i != lead)
        found.append(replace(fault, place=written[lead], others=others))
    return found


def _is_in_doubt(place: Location, faults: Sequence[Fault]) -> bool:
    """Whether one of the faults makes the value at `place` doubtful."""
    return _touches_any(place, [bad for one in faults for bad in (one.place, *one.others)])


def _touches_any(place: Location, places: Sequence[Location]) -> bool:
    """Whether one of the places is this one, lies above it or lies within it."""
    return any(one[: len(place)] == place[: len(one)] for one in places)


def _is_given(read: ReadKeys, place: Location) -> bool:
    section, key = place[0], place[1] if len(place) > 1 else None
    values = read.sections.get(str(section))
    return values is not None and (key is None or (isinstance(values, Mapping) and key in values))
