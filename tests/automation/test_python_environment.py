"""`automation/python-environment` on machines and in folders as people have them."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from automation.paths import ROOT

SCRIPT = Path("automation/python-environment")
NOBODY = 65534


@pytest.fixture
def checkout() -> Iterator[Path]:
    """A checkout without any requirement, in a path that a shell must quote; others may enter."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        root = Path(folder) / "a$HOME b'c\"d"
        (root / "automation").mkdir(parents=True)
        (root / "requirements.txt").touch()
        for name in (SCRIPT, Path("automation/loopback.py")):
            shutil.copy(ROOT / name, root / name)
        yield root


PYTHON = """#!/bin/sh
# Says that it is new enough, and makes an environment without content.
case "$*" in
    --version) echo "Python 3.11" ;;
    "-m venv .venv") mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
    *sysconfig*) echo "$PWD/.venv" ;;
esac
"""
PROGRAMS_OF_A_MAC = (
    "bash",
    "cat",
    "cmp",
    "cp",
    "dirname",
    "env",
    "id",
    "mkdir",
    "rm",
    "sh",
    "sleep",
)
"""And no `sha256sum`, no `flock`."""


@pytest.fixture
def path_of_a_mac(tmp_path: Path) -> str:
    for name in PROGRAMS_OF_A_MAC:
        (tmp_path / name).symlink_to(str(shutil.which(name)))
    python = tmp_path / "python3.11"
    python.write_text(PYTHON)
    python.chmod(0o755)
    return str(tmp_path)


def start(checkout: Path, path: str, user: int | None = None) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [checkout / SCRIPT],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        env={"PATH": path},
        user=user,
    )


def make(checkout: Path, path: str, user: int | None = None) -> str:
    """What it prints; its exit code is the first word."""
    run = start(checkout, path, user)
    said = run.communicate(timeout=120)[0]
    return f"{run.returncode} {said}"


def test_it_is_made_once_anywhere_without_sha256sum(checkout: Path, path_of_a_mac: str) -> None:
    assert (
        make(checkout, path_of_a_mac) == "0 Making .venv with the locked packages (Python 3.11) …\n"
    )
    assert make(checkout, path_of_a_mac) == "0 "
    (checkout / "requirements.txt").write_text("# changed\n")
    assert make(checkout, path_of_a_mac).startswith("0 Making .venv")


def test_one_whose_python_cannot_be_run_is_made_anew(checkout: Path, path_of_a_mac: str) -> None:
    """It links to a Python that was replaced, or that stands in another user's home."""
    make(checkout, path_of_a_mac)
    python = checkout / ".venv/bin/python"
    python.unlink()
    python.symlink_to("/nonexistent/python3.11")
    assert make(checkout, path_of_a_mac).startswith("0 Making .venv")
    assert make(checkout, path_of_a_mac) == "0 "


def test_two_at_once_make_it_once(checkout: Path, path_of_a_mac: str) -> None:
    runs = [start(checkout, path_of_a_mac) for _ in range(3)]
    said = [run.communicate(timeout=120)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0, 0]
    assert sum("Making .venv" in each for each in said) == 1


def test_what_a_killed_one_left_holds_up_nobody(checkout: Path, path_of_a_mac: str) -> None:
    with subprocess.Popen(["true"]) as dead:
        dead.wait()
    (checkout / ".venv-lock").mkdir()
    (checkout / ".venv-lock" / "pid").write_text(str(dead.pid))
    assert make(checkout, path_of_a_mac).startswith("0 Making .venv")


def test_a_checkout_of_another_user_is_said_to_be_one(checkout: Path) -> None:
    """Root becomes another user; to any other a folder that it may not write to looks the same."""
    user = NOBODY if os.geteuid() == 0 else os.geteuid()
    checkout.chmod(0o555)
    said = make(checkout, "/usr/bin:/bin", user=user)
    checkout.chmod(0o755)
    assert said.startswith("3 ")
    assert "belongs to another user" in said
    assert (
        f"sudo chown -R {pwd.getpwuid(user).pw_name} {checkout.parent}/a\\$HOME\\ b\\'c\\\"d)"
        in said
    )


def test_python_itself_keeps_a_proxy_away_from_this_machine(checkout: Path) -> None:
    """An ordinary `pulumi up` connects to its engine before the program has said a word."""
    assert make(checkout, os.environ["PATH"]).startswith("0 ")
    asked = subprocess.run(
        [checkout / ".venv/bin/python", "-c", "import os; print(os.environ['no_proxy'])"],
        env={"http_proxy": "http://proxy.corp:3128", "NO_PROXY": ".corp"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert asked.stdout == ".corp,127.0.0.1,localhost,::1\n"
