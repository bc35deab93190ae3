"""The program's figures come from commands that succeeded."""

from pathlib import Path

import pytest

from automation import program_bench
from automation.errors import CommandFailedError


def test_both_goals_of_the_program_are_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "performance.md"
    page.write_text("<!-- program: begin -->\n<!-- program: end -->\n")
    monkeypatch.setattr(program_bench, "PAGE", page)
    monkeypatch.setattr(program_bench, "ROOT", tmp_path)
    took = {program_bench.PREVIEW: iter([9.0, 7.0, 8.0, 8.5, 6.0])}
    monkeypatch.setattr(
        program_bench, "_seconds", lambda command: next(took.get(command, iter([0.7])))
    )

    program_bench.run()

    assert "| import of the program | 0.7 s | < 1 s |" in page.read_text()
    assert "| `make preview STACK=prod` | 8.0 s | < 10 s on two cores |" in page.read_text()


def test_a_command_that_failed_gives_no_figure() -> None:
    with pytest.raises(CommandFailedError, match="`false` failed while measuring"):
        program_bench._seconds(("false",))
