"""The reference page of all settings: `python -m settings.reference --write`."""

import inspect
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from contract.allowed import Schema, in_words, resolved, schema_of, without_null
from contract.generated_files import run_command
from settings import rules
from settings.aws import catalogue, sizing
from settings.aws import rules as aws_rules
from settings.config_keys import PROJECT
from settings.platforms import MODELS, PlatformName, profiles_of
from settings.profiles import defaults

FILE = Path(__file__).parent.parent / "docs" / "settings.md"

_HEAD = f"""# Settings

Every key that a stack file may hold. This page is made from the models
(`python -m settings.reference --write`); `settings/stack.schema.json` says the same to editors.

A stack file names a profile and then only what differs from that profile's table:

```yaml
config:
  {PROJECT}:profile: local
  {PROJECT}:nodes:
    count: 3
```

The profile decides where the stack runs: `local` on this machine with Docker; `dev`, `staging` and
`prod` on AWS. `prod` is the careful table; the others say by name what they do without.

A key that is not listed here, a value out of its range and a broken rule are errors, all reported
at once before anything is created. Passwords are not settings: the program makes them.
"""

_TITLES: Mapping[PlatformName, str] = {
    "docker": "## On this machine: `docker`",
    "aws": "## On AWS: `aws`",
}

_RULES: Mapping[PlatformName, Sequence[Callable[..., Any]]] = {
    "docker": rules.RULES,
    "aws": aws_rules.RULES,
}


def reference_page() -> str:
    """The whole page."""
    parts = [_HEAD]
    for platform in MODELS:
        parts += [_TITLES[platform], "", *_sections(platform), _rules(platform)]
    parts.append(_sizes())
    return "\n".join(parts)


def _sections(platform: PlatformName) -> Iterator[str]:
    schema = schema_of(MODELS[platform])
    properties: Mapping[str, Schema] = schema["properties"]
    single = {key: node for key, node in properties.items() if "$ref" not in node}
    yield _single_values(single, schema)
    for key, node in properties.items():
        if key not in single:
            yield _section(platform, key, resolved(node, schema), schema)


def _single_values(single: Mapping[str, Schema], schema: Schema) -> str:
    rows = [
        f"| `{PROJECT}:{key}` | {_cell(in_words(node, schema, key))} "
        f"| {_cell(node.get('description', ''))} |"
        for key, node in single.items()
    ]
    head = ["| key | allowed | meaning |", "| --- | --- | --- |"]
    return "\n".join(["### Single values", "", *head, *rows, ""])


def _section(platform: PlatformName, key: str, model: Schema, schema: Schema) -> str:
    tables = {str(name): defaults(name)[key] for name in profiles_of(platform)}
    rows = [
        f"| `{name}` | {_cell(in_words(node, schema, name.rpartition('.')[2]))} "
        f"| {_default(tables, name)} | {_cell(node.get('description', ''))} |"
        for name, node in _keys(model, schema)
    ]
    head = ["| key | allowed | default | meaning |", "| --- | --- | --- | --- |"]
    title = f"### `{PROJECT}:{key}`"
    return "\n".join([title, "", str(model["description"]), "", *head, *rows, ""])


def _keys(model: Schema, schema: Schema, above: str = "") -> Iterator[tuple[str, Schema]]:
    """Each key of a section and, below it, those of the sections within: `schedules[].name`."""
    for key, node in model["properties"].items():
        name = f"{above}{key}"
        yield name, node
        inner = without_null(node, schema)
        if "items" in inner:
            name, inner = f"{name}[]", resolved(inner["items"], schema)
        variants = inner.get("discriminator", {}).get("mapping", {})
        for tag, reference in variants.items():
            yield from _keys(resolved({"$ref": reference}, schema), schema, f"{name}({tag}).")
        if "properties" in inner:
            yield from _keys(inner, schema, f"{name}.")


def _default(tables: Mapping[str, Mapping[str, Any]], name: str) -> str:
    """One value where all profiles agree, else each with its profile."""
    found = {profile: _found(table, name.split(".")) for profile, table in tables.items()}
    values = list(dict.fromkeys(found.values()))
    if len(values) == 1:
        return values[0]
    return "; ".join(f"{value} in {profile}" for profile, value in found.items())


def _found(table: Any, path: Sequence[str]) -> str:
    for part in path:
        if not isinstance(table, Mapping) or part not in table:
            return "–"
        table = table[part]
    return f"`{json.dumps(table, ensure_ascii=False)}`"


def _rules(platform: PlatformName) -> str:
    lines = [f"- {(inspect.getdoc(rule) or '').splitlines()[0]}" for rule in _RULES[platform]]
    head = [
        "### Rules between keys",
        "",
        "Held to together with the single keys, in one report:",
        "",
    ]
    return "\n".join([*head, *lines, ""])


def _sizes() -> str:
    """The long lists of choices, with what follows from each."""
    servers = [
        f"| `{name}` | {machine.architecture} | {machine.vcpus} | {machine.mib} "
        f"| {sizing.container_memory_mib(name)} | {sizing.largest_heap_mib(name)} |"
        for name in get_args(catalogue.InstanceType)
        for machine in [catalogue.machine(name)]
    ]
    classes = [
        f"| `{name}` | {catalogue.machine(name).mib} | {sizing.class_connections(name)} |"
        for name in get_args(catalogue.DatabaseClass)
    ]
    return "\n".join(
        [
            "## Sizes on AWS",
            "",
            "### Servers",
            "",
            "Memory in MiB: the server's, its container's limit, and the heap that `null` takes.",
            "",
            "| `servers.instanceType` | architecture | vCPUs | memory | container | heap |",
            "| --- | --- | --- | --- | --- | --- |",
            *servers,
            "",
            "### Database classes",
            "",
            "Memory in MiB, and the connections to count on while `maxConnections` is null:",
            f"{sizing.CLASS_MEMORY_PERCENT} % of what RDS's formula says for the nominal memory.",
            "",
            "| `database.instanceClass` | memory | connections |",
            "| --- | --- | --- |",
            *classes,
            "",
        ]
    )


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(run_command("settings.reference", __doc__ or "", {FILE: reference_page()}))
