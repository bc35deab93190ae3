"""Small rules that keep the house in order, each naming the file that broke it."""

import ast
import re
from pathlib import Path

import pytest

from tests.unit.source_files import ROOT, python_files

MAY_SKIP = {"tests/cluster/test_node_life.py"}
"""Its jobs take as long as a test says, which the ERP's own services cannot."""

VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "stuff"}


def vague(files: list[Path]) -> list[str]:
    return [str(file) for file in files if {*file.parent.parts, file.stem} & VAGUE]


def uncollected(root: Path) -> list[str]:
    """Files below tests/ that hold tests and that pytest would not find."""
    return [
        str(file)
        for file in python_files(root)
        if file.parts[0] == "tests" and _has_tests(root / file) and not _is_found(file)
    ]


def unpackaged(root: Path) -> list[str]:
    """Folders of tests without `__init__.py`: two files of one name in them would collide."""
    folders = {file.parent for file in python_files(root) if file.parts[0] == "tests"}
    return sorted(str(folder) for folder in folders if not (root / folder / "__init__.py").exists())


def skipping(root: Path) -> list[str]:
    """Files of tests that may be passed over without a failure."""
    skip = re.compile(r"pytest\.skip\(|mark\.skip|pytest\.importorskip|mark\.xfail")
    return [
        str(file)
        for file in python_files(root)
        if file.parts[0] == "tests"
        and file.name != Path(__file__).name
        and skip.search((root / file).read_text(encoding="utf-8"))
    ]


def _has_tests(path: Path) -> bool:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    classes = [node for node in body if isinstance(node, ast.ClassDef)]
    return _defines_tests(body) or any(_defines_tests(node.body) for node in classes)


def _defines_tests(body: list[ast.stmt]) -> bool:
    return any(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
        for node in body
    )


def _is_found(file: Path) -> bool:
    return re.fullmatch(r"test_.+\.py", file.name) is not None


def test_no_file_or_folder_has_a_name_that_says_nothing() -> None:
    assert vague(list(python_files())) == []


def test_every_file_with_tests_is_collected() -> None:
    assert uncollected(ROOT) == []


def test_every_folder_of_tests_is_a_package() -> None:
    assert unpackaged(ROOT) == []


def test_a_test_passes_or_fails() -> None:
    """What a test needs is prepared by the word of the Makefile that runs it, or marked."""
    assert set(skipping(ROOT)) <= MAY_SKIP


def test_every_test_file_has_tests() -> None:
    empty = [
        str(file)
        for file in python_files()
        if file.parts[0] == "tests" and _is_found(file) and not _has_tests(ROOT / file)
    ]
    assert empty == []


@pytest.fixture
def other_house(tmp_path: Path) -> Path:
    folder = tmp_path / "tests" / "room"
    folder.mkdir(parents=True)
    (folder / "database.py").write_text("def test_it() -> None: ...\n")
    (folder / "recorder.py").write_text("def record() -> None: ...\n")
    (folder / "test_found.py").write_text("def test_it() -> None: ...\n")
    (tmp_path / "tests" / "__init__.py").touch()
    return tmp_path


def test_a_file_with_tests_and_a_wrong_name_is_named(other_house: Path) -> None:
    assert uncollected(other_house) == ["tests/room/database.py"]


def test_a_folder_that_is_no_package_is_named(other_house: Path) -> None:
    assert unpackaged(other_house) == ["tests/room"]


def test_a_file_that_skips_is_named(other_house: Path) -> None:
    found = other_house / "tests" / "room" / "test_found.py"
    found.write_text("@pytest.mark.skipif(True)\ndef test_it() -> None: ...\n")
    assert skipping(other_house) == ["tests/room/test_found.py"]


def test_a_vague_name_is_named() -> None:
    files = [Path("node/utils.py"), Path("common/a.py"), Path("node/loop.py")]
    assert vague(files) == ["node/utils.py", "common/a.py"]
