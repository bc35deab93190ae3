"""The command behind `--write`: it writes what is stale, or names it and fails."""

from pathlib import Path

import pytest

from contract.generated_files import run_command


def run(files: dict[Path, str], *arguments: str) -> int:
    return run_command("room.module", "Purpose.", files, list(arguments))


def test_a_stale_file_is_named_with_the_command_that_writes_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "page.md"
    path.write_text("old")
    assert run({path: "new"}) == 1
    assert path.read_text() == "old"
    assert capsys.readouterr().out.splitlines() == [
        "stale: page.md",
        "To write what is stale: python -m room.module --write",
    ]


def test_write_makes_the_file_and_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "page.md"
    assert run({path: "new"}, "--write") == 0
    assert path.read_text() == "new"
    assert run({path: "new"}) == 0
