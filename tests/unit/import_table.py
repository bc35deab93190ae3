"""The "may import" table of docs/architecture.md, read from the page and held against a file."""

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath

PHRASES: Mapping[str, frozenset[str]] = {
    "–": frozenset(),
    "nothing of ours": frozenset(),
    "pydantic": frozenset({"pydantic", "pydantic_core"}),
    "PyYAML": frozenset({"yaml"}),
    "Pulumi packages": frozenset({"pulumi", "pulumi_docker", "pulumi_aws", "pulumi_random"}),
    "the SDK's gRPC stubs": frozenset({"pulumi.runtime.proto", "grpc", "google.protobuf"}),
    "Pulumi's Automation API": frozenset({"pulumi.automation"}),
}
"""Words of the table that are no module's name, and the modules that they mean."""

_ALONE = re.compile(r"`(?P<module>[\w.]+)` in `(?P<file>[\w./-]+)` alone")


class TableError(Exception):
    """The page has no such table, or a phrase in it that this module does not know."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """What the files below `path` may import besides the standard library and their own room."""

    path: str
    modules: frozenset[str]
    everything: bool = False
    alone: tuple[tuple[str, str], ...] = ()
    """Pairs of a file and a module that only this file may import."""

    @property
    def room(self) -> str:
        return self.path.rstrip("/").split("/")[0]

    def allows(self, module: str, file: PurePath) -> bool:
        own = {self.room.removesuffix(".py")}
        extra = {only for path, only in self.alone if path == file.as_posix()}
        return self.everything or any(
            module == known or module.startswith(f"{known}.")
            for known in (*self.modules, *own, *extra)
        )


@dataclass(frozen=True, kw_only=True)
class Breach:
    """An import that the table does not allow."""

    file: PurePath
    line: int
    module: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} imports {self.module}"


def read_table(page: str) -> list[Row]:
    """The rows of the table whose third column is "may import"."""
    lines = iter(page.splitlines())
    for line in lines:
        if re.fullmatch(r"\|\s*room\s*\|.*\|\s*may import\s*\|", line):
            break
    else:
        raise TableError('no table with the columns "room" and "may import"')
    next(lines)
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append(_row([cell.strip() for cell in line.strip("|").split("|")]))
    return rows


def row_of(file: PurePath, rows: list[Row]) -> Row | None:
    """The row whose path is nearest above `file`; a room's own files take its first row."""
    name = file.as_posix()
    above = [row for row in rows if name == row.path or name.startswith(row.path)]
    same_room = [row for row in rows if row.room == file.parts[0]]
    return max(above, key=lambda row: len(row.path)) if above else next(iter(same_room), None)


def breaches(source: str, file: PurePath, row: Row) -> list[Breach]:
    """Every import of `source` that `row` does not allow."""
    return [
        Breach(file=file, line=line, module=module)
        for line, module in _imports(ast.parse(source, filename=str(file)), file)
        if module.split(".")[0] not in sys.stdlib_module_names and not row.allows(module, file)
    ]


def _row(cells: list[str]) -> Row:
    path = cells[0].strip("`")
    modules: set[str] = set()
    everything = False
    alone: list[tuple[str, str]] = []
    for phrase in re.split(r"\s*[,;]\s*", cells[2].removeprefix("copies ")):
        only = _ALONE.fullmatch(phrase)
        if only:
            alone.append((only["file"], only["module"]))
        elif phrase == "everything":
            everything = True
        elif phrase in PHRASES:
            modules |= PHRASES[phrase]
        elif re.fullmatch(r"`?[A-Za-z_][\w.]*`?", phrase):
            modules.add(phrase.strip("`"))
        else:
            raise TableError(f'row {path}: "{phrase}" is no module; add it to PHRASES')
    return Row(path=path, modules=frozenset(modules), everything=everything, alone=tuple(alone))


def _imports(tree: ast.AST, file: PurePath) -> Iterator[tuple[int, str]]:
    """Line and full name of what is imported: `from a import b` is `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = list(file.parent.parts)
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{module}.{name.name}") for name in node.names)
