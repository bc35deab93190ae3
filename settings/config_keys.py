"""From a stack's configuration, as Pulumi delivers it or as its file says it, to plain sections.

Pulumi hands every value over as text: a section arrives as JSON, an empty one as `""`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from contract.faults import Fault, Location, in_quotes, nearest
from settings.platforms import MODELS, PlatformName, section_keys, section_names

PROJECT = "scipio"

Overrides = Mapping[str, Mapping[str, object]]
"""Section → key → value, for one run: what a command line says besides the stack's file."""

SINGLE_VALUES = ("profile", "platform")
"""Keys that are a value by themselves and no section."""

SECRET_KEY = "secure"  # noqa: S105  (the key under which Pulumi writes an encrypted value)


@dataclass
class ReadKeys:
    """What was understood: plain values by section, how each section's key was written, faults.

    `platform` is where the stack runs; None where it is not known, and then all sections may stand.
    """

    platform: PlatformName | None
    sections: dict[str, Any] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def as_written(self, place: Location) -> Location:
        """`place` with its first part as the person wrote it, prefix included."""
        if not place:
            return (PROJECT,)
        head = str(place[0])
        return (self.written.get(head, f"{PROJECT}:{head}"), *place[1:])


def read_keys(
    stack_config: Mapping[str, object], overrides: Overrides, platform: PlatformName | None
) -> ReadKeys:
    """Sort a stack's keys into sections; keys of other packages (`docker:host`) are left alone.

    Where `overrides` says a key too, its value wins.
    """
    read = ReadKeys(platform=platform)
    for key, value in stack_config.items():
        prefix, colon, name = str(key).partition(":")
        if not colon:
            _take(read, str(key), prefix, value)
        elif prefix == PROJECT:
            _take(read, str(key), name, value)
        elif nearest(prefix, [PROJECT]):
            read.faults.append(_wrong_prefix(str(key), prefix, name))
    for name, values in overrides.items():
        _override(read, name, values)
    return read


def _override(read: ReadKeys, name: str, values: Mapping[str, object]) -> None:
    if name not in read.written:
        _take(read, f"{PROJECT}:{name}", name, values)
    elif name in SINGLE_VALUES:
        read.sections[name] = values  # a single value has no keys: refused with the others
    elif name in read.sections:
        read.sections[name] = {**read.sections[name], **values}


def _wrong_prefix(key: str, prefix: str, name: str) -> Fault:
    return Fault(
        place=(key,),
        problem=f'unknown prefix "{prefix}"',
        allowed=f'"{PROJECT}"',
        hint=f"Did you mean {PROJECT}:{name}?",
        others=((f"{PROJECT}:{name}",),),
    )


def _take(read: ReadKeys, key: str, name: str, value: object) -> None:
    if name not in section_names(read.platform):
        read.faults.append(_unknown_section(read, key, name))
    elif name in read.written:
        read.faults.append(Fault(place=(key,), problem=f"said twice, also as {read.written[name]}"))
    elif name in SINGLE_VALUES:
        read.written[name] = key
        read.sections[name] = None if value == "" else value
    else:
        read.written[name] = key
        _take_section(read, name, value)


def _take_section(read: ReadKeys, name: str, value: object) -> None:
    place = (read.written[name],)
    try:
        section = _decoded(value)
    except json.JSONDecodeError as error:
        problem = f"not JSON at line {error.lineno}, column {error.colno} ({error.msg})"
        read.faults.append(Fault(place=place, problem=problem))
        return
    secrets = _secrets(section, place)
    read.faults.extend(secrets)
    if isinstance(section, Mapping):
        read.sections[name] = _without_secrets(section)
    elif not secrets:
        read.faults.append(_not_a_section(read, name, place, section))


def _decoded(value: object) -> object:
    """What Pulumi's text stands for; text that is no JSON object or list stays text."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if text.startswith(("{", "[")):
        decoded: object = json.loads(text)
        return decoded
    return text or None


def _not_a_section(read: ReadKeys, name: str, place: Location, value: object) -> Fault:
    keys = _keys(read, name)
    given = "a text" if isinstance(value, str) else in_quotes(value)
    hint = "Leave the key out to keep the profile's values." if value is None else None
    return Fault(
        place=place,
        problem=f"got {given}",
        allowed=f"a section with keys of its own ({', '.join(keys)})",
        hint=hint,
    )


def _unknown_section(read: ReadKeys, key: str, name: str) -> Fault:
    names = section_names(read.platform)
    section, dot, rest = name.partition(".")
    if dot and section in names:
        return Fault(
            place=(key,),
            problem="a key with a dot is not read",
            hint=f"Write {rest} below {PROJECT}:{section}, or use "
            f"`pulumi config set --path {section}.{rest} …`.",
            others=((f"{PROJECT}:{section}", rest),),
        )
    if name in section_names():
        return _foreign_section(read, key, name)
    near = nearest(name, names)
    if near is not None:
        meant = f"{PROJECT}:{near}"
        hint = f"Did you mean {meant}?"
        return Fault(place=(key,), problem="unknown section", hint=hint, others=((meant,),))
    homes = [f"{PROJECT}:{home}" for home in names if name in _keys(read, home)]
    known = f"Known are: {', '.join(names)}."
    hint = f"{name} is a key of {' and of '.join(homes)}." if homes else known
    return Fault(place=(key,), problem="unknown section", hint=hint)


def _foreign_section(read: ReadKeys, key: str, name: str) -> Fault:
    homes = [platform for platform in MODELS if name in section_names(platform)]
    return Fault(
        place=(key,),
        problem=f"is a section of the platform {' and '.join(homes)}, and this stack's profile "
        f"runs on {read.platform}",
        hint="Take it out, or name another profile.",
    )


def _keys(read: ReadKeys, name: str) -> list[str]:
    """The keys that the section may have on the stack's platform, or on any while it is unknown."""
    platforms = MODELS if read.platform is None else (read.platform,)
    keys = [key for platform in platforms for key in section_keys(platform, name)]
    return list(dict.fromkeys(keys))


def _is_secret(value: object) -> bool:
    return isinstance(value, Mapping) and set(value) == {SECRET_KEY}


def _secrets(value: object, place: Location) -> list[Fault]:
    if _is_secret(value):
        return [_encrypted(place)]
    return [fault for key, inner in _children(value) for fault in _secrets(inner, (*place, key))]


def _children(value: object) -> list[tuple[str | int, object]]:
    if isinstance(value, Mapping):
        return [(str(key), inner) for key, inner in value.items()]
    return list(enumerate(value)) if isinstance(value, list) else []


def _encrypted(place: Location) -> Fault:
    return Fault(
        place=place,
        problem="is encrypted, and settings hold no secrets",
        hint="Write it in plain text; passwords are made by the program itself.",
    )


def _without_secrets(section: Mapping[Any, object]) -> dict[str, object]:
    """The keys below which nothing is encrypted."""
    return {str(key): value for key, value in section.items() if not _secrets(value, ())}
