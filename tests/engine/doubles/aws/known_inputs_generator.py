"""Writes `known_inputs.json`: what pulumi-aws's own classes take, by type and by nested block.

Run `python -m tests.engine.doubles.aws.known_inputs_generator` after a new version of pulumi-aws
or a new entry in `served_types.py`. The double itself reads the table alone.
"""

import importlib
import importlib.metadata
import inspect
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import pulumi_aws
import pulumi_docker
from pulumi import Output

from tests.engine.doubles.aws.served_types import SERVED

TABLE = Path(__file__).with_name("known_inputs.json")

PROVIDER = "pulumi:providers:aws"


def table() -> dict[str, Any]:
    """Resources by token, and the nested blocks that they use by the name of their class."""
    blocks: dict[str, Any] = {}
    classes = _classes_by_token()
    resources = {token: _resource(*classes[token], blocks) for token in sorted(SERVED)}
    resources[PROVIDER] = {
        "inputs": _arguments(pulumi_aws.ProviderArgs, blocks),
        "required": [],
        "outputs": [],
    }
    versions = {name: importlib.metadata.version(f"pulumi_{name}") for name in ("aws", "docker")}
    return {"versions": versions, "resources": resources, "blocks": dict(sorted(blocks.items()))}


def _classes_by_token() -> dict[str, tuple[ModuleType, str]]:
    """The SDK's own register: each token with its module and class."""
    return {
        token: (importlib.import_module(entry["fqn"]), name)
        for package in (pulumi_aws, pulumi_docker)
        for entry in _register(package)
        for token, name in entry["classes"].items()
        if token in SERVED
    }


def _register(package: ModuleType) -> list[dict[str, Any]]:
    file = Path(str(package.__file__))
    found = re.search(r'resource_modules="""(.*?)"""', file.read_text(encoding="utf-8"), re.DOTALL)
    if found is None:
        raise LookupError(f"{file} has no register of resources any more")
    entries: list[dict[str, Any]] = json.loads(found[1])
    return entries


def _resource(module: ModuleType, name: str, blocks: dict[str, Any]) -> dict[str, Any]:
    cls = getattr(module, name)
    # Where a nested block of another class has the plain name, the arguments are `InitArgs`.
    file = sys.modules[cls.__module__]
    arguments = getattr(file, f"{name}InitArgs", None) or getattr(file, f"{name}Args")
    known = _arguments(arguments, blocks)
    outputs = {wire for wire, _ in _properties(cls)}
    return {
        "inputs": known,
        "required": _required(arguments),
        "outputs": sorted(outputs - set(known) - {"id", "urn"}),
    }


def _arguments(cls: type, blocks: dict[str, Any]) -> dict[str, Any]:
    return {wire: _kind(_hint(getter), blocks) for wire, getter in sorted(_properties(cls))}


def _properties(cls: type) -> Iterator[tuple[str, Any]]:
    """Wire name and getter of each property."""
    for name, member in vars(cls).items():
        if isinstance(member, property):
            yield getattr(member.fget, "_pulumi_name", name), member.fget


def _hint(getter: Any) -> Any:
    names = _Names({**getter.__globals__, "Output": Output, "T": TypeVar("T")})
    return get_type_hints(getter, getter.__globals__, names)["return"]


class _Names(dict[str, Any]):
    """`pulumi.Input` names `Output[T]` as text, and some getters an enumeration of texts that
    their module does not import."""

    def __missing__(self, name: str) -> type:
        return str


def _required(cls: type) -> list[str]:
    parameters = inspect.signature(cls).parameters.values()
    without_default = {each.name for each in parameters if each.default is inspect.Parameter.empty}
    return sorted(
        getattr(member.fget, "_pulumi_name", name)
        for name, member in vars(cls).items()
        if isinstance(member, property) and name in without_default
    )


def _kind(hint: Any, blocks: dict[str, Any]) -> Any:
    """`"text"`, `"number"`, `"truth"`, `"any"`, a block's name, or `{"list": …}`, `{"map": …}`."""
    hint = _inner(hint)
    if _is_collection(hint):
        many = "map" if _collection(hint) in ("Mapping", "dict") else "list"
        return {many: _kind(get_args(hint)[-1], blocks)}
    if isinstance(hint, type) and hint.__name__.endswith("Args"):
        return _block(hint, blocks)
    return _LEAVES.get(hint, "any")


_LEAVES = {str: "text", int: "number", float: "number", bool: "truth"}


def _block(cls: type, blocks: dict[str, Any]) -> str:
    package = cls.__module__.removeprefix("pulumi_").removesuffix("._inputs")
    package = package.removeprefix("aws.")
    name = f"{package}/{cls.__name__.removesuffix('Args')}"
    if name not in blocks:
        blocks[name] = {}  # named before it is filled: WAF's statements nest in themselves
        blocks[name] = {"inputs": _arguments(cls, blocks), "required": _required(cls)}
    return name


def _inner(hint: Any) -> Any:
    """`T` of `Input[Optional[T]]`; a union of texts and enumerations is text."""
    while get_args(hint) and not _is_collection(hint):
        options = [each for each in get_args(hint) if not _is_plumbing(each)]
        texts = [each for each in options if each is str]
        hint = texts[0] if texts else options[0]
    return hint


def _is_collection(hint: Any) -> bool:
    return _collection(hint) in ("Sequence", "list", "Mapping", "dict")


def _collection(hint: Any) -> str:
    return getattr(get_origin(hint), "__name__", "")


def _is_plumbing(hint: Any) -> bool:
    origin = get_origin(hint)
    return hint is type(None) or origin is Output or getattr(origin, "__name__", "") == "Awaitable"


def as_text(whole: dict[str, Any]) -> str:
    """One line for each resource and block, so that a new version of the SDK reads as a diff."""
    parts = [f'"versions": {json.dumps(whole["versions"])}']
    for part in ("resources", "blocks"):
        lines = [f"{json.dumps(name)}: {json.dumps(entry)}" for name, entry in whole[part].items()]
        parts.append(f'"{part}": {{\n' + ",\n".join(lines) + "\n}")
    return "{" + ",\n".join(parts) + "}\n"


if __name__ == "__main__":
    TABLE.write_text(as_text(table()), encoding="utf-8")
