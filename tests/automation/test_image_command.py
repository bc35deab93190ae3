"""`make image`: a tree is refused before anything is started, built or downloaded."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from automation import __main__ as commands
from automation import docker_engine
from scipio_tree.errors import TreeError


def test_a_tree_that_cannot_be_packed_is_refused_before_the_engine_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docker_engine, "ensure", lambda: pytest.fail("asked the engine"))
    asked = CliRunner().invoke(commands.app, ["image", "--home", str(tmp_path)])
    assert isinstance(asked.exception, TreeError)


def test_the_refusal_is_one_message_and_its_own_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["automation", "image", "--home", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        commands.main()
    said = capsys.readouterr()
    assert ended.value.code == 2
    assert f"{tmp_path} cannot be made into an image" in said.err + said.out
    assert "Traceback" not in said.err + said.out
