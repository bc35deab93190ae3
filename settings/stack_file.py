"""Reads a stack's file without Pulumi, for commands that need its settings before the engine runs.

YAML is read as Pulumi reads it: only `true` and `false` are booleans, `12:30` and `2026-01-01` are
text, and a key that is said twice is an error.
"""

import re
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from contract.faults import Fault, in_quotes, nearest
from settings.config_keys import PROJECT, Overrides
from settings.errors import SettingsError, StackFileError
from settings.load import load, named_profile
from settings.platforms import AnySettings, PlatformName, platform_of, section_names

STACK_FOLDER = "stacks"

PULUMI_KEYS = ("config", "secretsprovider", "encryptedkey", "encryptionsalt", "environment")
"""What may stand at the top of a stack file."""


def load_stack(stack: str, folder: Path, overrides: Overrides | None = None) -> AnySettings:
    """The settings of `stack`, from `Pulumi.<stack>.yaml` in `folder`; `overrides` win over it.

    Raises `StackFileError` when the file is not there or is no YAML, `SettingsError` with every
    fault when it says something wrong.
    """
    path = stack_path(stack, folder)
    where = f"stack {stack} ({folder.name}/{path.name})"
    content = _content(path, where, stack, folder)
    faults = _top_level_faults(content)
    config = _config(content, where)
    try:
        settings = load(config, where=where, overrides=overrides)
    except SettingsError as error:
        raise SettingsError(where, [*faults, *error.faults]) from None
    if faults:
        raise SettingsError(where, faults)
    return settings


def stack_platform(stack: str, folder: Path) -> PlatformName:
    """Where `stack` runs, whatever else its file says: a fault in it does not stop `down`.

    Raises `StackFileError`, or `SettingsError` when the profile itself is missing or unknown.
    """
    path = stack_path(stack, folder)
    where = f"stack {stack} ({folder.name}/{path.name})"
    profile = named_profile(_config(_content(path, where, stack, folder), where))
    return load_stack(stack, folder).platform if profile is None else platform_of(profile)


def secrets_provider(stack: str, folder: Path) -> str | None:
    """What encrypts the secrets of `stack`'s state, where its file says so; None: a passphrase."""
    path = stack_path(stack, folder)
    content = _content(path, f"stack {stack} ({folder.name}/{path.name})", stack, folder)
    named = content.get("secretsprovider")
    return str(named) if named else None


def stack_path(stack: str, folder: Path) -> Path:
    """Where the file of `stack` is, or would be."""
    return folder / f"Pulumi.{stack}.yaml"


def stack_names(folder: Path) -> tuple[str, ...]:
    """The stacks that have a file in `folder`, in order of their names."""
    names = (
        re.fullmatch(r"Pulumi\.(.+)\.yaml", path.name) for path in folder.glob("Pulumi.*.yaml")
    )
    return tuple(sorted(name[1] for name in names if name))


def _content(path: Path, where: str, stack: str, folder: Path) -> dict[Any, Any]:
    if not _STACK_NAME.fullmatch(stack):
        sentence = (
            "a stack's name has letters, digits, `-`, `_` and `.` alone: it is the NAME of "
            f"{folder.name}/Pulumi.NAME.yaml. {_known(folder)}"
        )
        raise StackFileError(f"stack {in_quotes(stack)}", sentence)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise StackFileError(f"stack {stack}", _no_such_file(stack, folder)) from None
    except UnicodeDecodeError as error:
        sentence = f"the file is not UTF-8 text (byte {error.start}). Save it as UTF-8."
        raise StackFileError(where, sentence) from None
    except OSError as error:
        raise StackFileError(where, f"the file cannot be read: {error.strerror}.") from None
    content = _parsed(text, where)
    if content is None:
        raise StackFileError(where, f"the file is empty. {_SHORTEST_FILE}")
    if not isinstance(content, dict):
        raise StackFileError(
            where, f"the file holds {in_quotes(content)} where keys should be. {_SHORTEST_FILE}"
        )
    return content


_STACK_NAME = re.compile(r"[A-Za-z0-9_.-]+")
_SHORTEST_FILE = f'The shortest one is "config:" and, indented, "{PROJECT}:profile: local".'


def _no_such_file(stack: str, folder: Path) -> str:
    near = nearest(stack, stack_names(folder))
    did_you_mean = f" Did you mean {near}?" if near else ""
    file_name = stack_path(stack, folder).name
    return f"there is no {file_name} in {folder}.{did_you_mean} {_known(folder)}"


def _known(folder: Path) -> str:
    names = stack_names(folder)
    return f"The stacks there are: {', '.join(names)}." if names else "There is no stack yet."


def _parsed(text: str, where: str) -> object:
    try:
        content: object = yaml.load(text, Loader=_StackLoader)  # noqa: S506  (a SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        position = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        problem = error.problem or error.context or "it cannot be parsed"
        tabs = " Indent with spaces." if r"'\t'" in problem else ""
        raise StackFileError(where, f"not YAML{position}: {problem}.{tabs}") from None
    except yaml.reader.ReaderError as error:
        sentence = (
            f"not YAML: the character {error.character!r} at {error.position} is not allowed."
        )
        raise StackFileError(where, sentence) from None
    return content


def _top_level_faults(content: dict[Any, Any]) -> list[Fault]:
    return [
        Fault(place=(str(key),), problem="unknown key at the top", hint=_where_it_belongs(str(key)))
        for key in content
        if key not in PULUMI_KEYS
    ]


def _where_it_belongs(key: str) -> str:
    if key.removeprefix(f"{PROJECT}:") in section_names():
        return "It belongs below config:, indented."
    near = nearest(key, PULUMI_KEYS)
    return f"Did you mean {near}?" if near else f"Known are: {', '.join(PULUMI_KEYS)}."


def _config(content: dict[Any, Any], where: str) -> dict[str, object]:
    config = content.get("config")
    if isinstance(config, dict):
        return config
    if config is not None:
        sentence = f"config: got {in_quotes(config)}; must be a section. {_SHORTEST_FILE}"
        raise StackFileError(where, sentence)
    near = nearest("config", [str(key) for key in content])
    meant = f" Is {near} meant to be it?" if near and near not in PULUMI_KEYS else ""
    raise StackFileError(where, f"config is missing.{meant} {_SHORTEST_FILE}")


class _StackLoader(yaml.SafeLoader):
    """Plain data only, scalars as Pulumi takes them, no key twice in one section."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.deep_construct = True  # so that a section that contains itself is refused

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise yaml.constructor.ConstructorError(
                    problem=f"{key.value} is said twice", problem_mark=key.start_mark
                )
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)

    def construct_yaml_float(self, node: yaml.ScalarNode) -> float:
        """`2.0` is the whole number 2, as Pulumi delivers it."""
        value = super().construct_yaml_float(node)
        return int(value) if value.is_integer() else value


_SCALARS = {
    "bool": (r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    "int": (
        r"^[-+]?(?:0b[01][01_]*|0x[0-9a-fA-F][0-9a-fA-F_]*|0[0-7_]*|[1-9][0-9_]*)$",
        "-+0123456789",
    ),
    "float": (
        r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$",
        "-+.0123456789",
    ),
    "null": (r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    "merge": (r"^<<$", "<"),
}
_StackLoader.yaml_implicit_resolvers = {}
for _kind, (_pattern, _first) in _SCALARS.items():
    _StackLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_kind}", re.compile(_pattern), list(_first)
    )
_StackLoader.add_constructor("tag:yaml.org,2002:float", _StackLoader.construct_yaml_float)
