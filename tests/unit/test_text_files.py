"""Files and programs are read as UTF-8, whatever the locale of the machine is."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.unit.source_files import ROOT, python_files

PROGRAMS = {"run", "Popen", "check_output"}
TEXT = {"text", "universal_newlines"}


def without_encoding(source: str) -> Iterator[int]:
    """Lines that read or write text in the locale's character set."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _is_text(node) and not _names_encoding(node):
            yield node.lineno


def _is_text(call: ast.Call) -> bool:
    match call.func:
        case ast.Attribute(attr="read_text" | "write_text"):
            return True
        case ast.Name(id="open"):
            return "b" not in _mode(call, place=1)
        case ast.Attribute(attr="open", value=ast.Name(id="os" | "tarfile" | "LocalStack")):
            return False
        case ast.Attribute(attr="open"):
            return _opens_a_file(call) and "b" not in _mode(call, place=0)
        case ast.Attribute(attr=name) if name in PROGRAMS:
            return bool(TEXT & {keyword.arg for keyword in call.keywords})
    return False


def _opens_a_file(call: ast.Call) -> bool:
    """`archive.open(name)` opens bytes; a path's `open` has a mode, if anything, at first."""
    first = call.args[0] if call.args else None
    return first is None or isinstance(first, ast.Constant)


def _mode(call: ast.Call, *, place: int) -> str:
    given = call.args[place : place + 1] or [
        keyword.value for keyword in call.keywords if keyword.arg == "mode"
    ]
    return str(given[0].value) if given and isinstance(given[0], ast.Constant) else "r"


def _names_encoding(call: ast.Call) -> bool:
    return any(keyword.arg == "encoding" for keyword in call.keywords)


def test_no_text_is_read_in_the_locales_character_set() -> None:
    found = [
        f"{file}:{line}"
        for file in python_files()
        if file.parts[0] != "tests"
        for line in without_encoding((ROOT / file).read_text(encoding="utf-8"))
    ]
    assert found == []


def test_such_a_line_is_found(tmp_path: Path) -> None:
    source = (
        "path.read_text()\n"
        "path.write_text(text)\n"
        "open(path)\n"
        "path.open('a')\n"
        "subprocess.run(command, text=True)\n"
        "path.read_text(encoding='utf-8')\n"
        "path.open('rb')\n"
        "open(path, 'wb')\n"
        "archive.open(name)\n"
        "subprocess.run(command, capture_output=True)\n"
    )
    assert list(without_encoding(source)) == [1, 2, 3, 4, 5]
