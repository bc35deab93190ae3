"""The engine starts what this checkout wrote, wherever the checkout lies."""

import shutil
import subprocess
from pathlib import Path

import pytest

from automation import launchers
from automation.launchers import write_launcher

PATHS = ["plain", "my repo (v2)", "it's", "a$HOME", 'say "hi"', "back\\slash `pwd`", "größe"]


@pytest.mark.parametrize("name", PATHS)
def test_a_checkouts_path_may_be_anything(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / name
    (root / "bin").mkdir(parents=True)
    python = root / "bin" / "python"
    python.symlink_to(str(shutil.which("python3")))
    (root / "room.py").write_text("import sys; print('room', sys.argv[1])", encoding="utf-8")
    monkeypatch.setattr(launchers, "ROOT", root)
    monkeypatch.setattr(launchers, "PYTHON", python)
    launcher = root / "pulumi-resource-room"
    write_launcher(launcher, module="room", purpose="A test.")
    done = subprocess.run([launcher, "127.0.0.1:1"], capture_output=True, check=False)
    assert (done.stdout, done.stderr) == (b"room 127.0.0.1:1\n", b"")


def test_a_launcher_that_is_right_is_not_written_again(tmp_path: Path) -> None:
    """Another command's engine may be starting it in this moment."""
    launcher = tmp_path / "pulumi-resource-room"
    write_launcher(launcher, module="room", purpose="A test.")
    before = launcher.stat().st_ino
    write_launcher(launcher, module="room", purpose="A test.")
    assert launcher.stat().st_ino == before
    write_launcher(launcher, module="hall", purpose="A test.")
    assert launcher.stat().st_ino != before
