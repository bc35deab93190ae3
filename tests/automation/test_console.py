"""What is printed, also when the reader is gone."""

import subprocess
import sys
from pathlib import Path

import pytest

from automation.console import PIPE_WIDTH
from automation.paths import ROOT

TALKER = """
import sys
from pathlib import Path
from automation.console import console, say

console.stderr = "stderr" in sys.argv[2]
for count in range(2000):
    say(f"sentence {count} [red]of many[/red]")
Path(sys.argv[1]).write_text("done")
"""


def talker(done: Path, stream: str = "stdout") -> "subprocess.Popen[str]":
    pipe = {stream: subprocess.PIPE}
    return subprocess.Popen(
        [sys.executable, "-c", TALKER, str(done), stream],
        cwd=ROOT,
        text=True,
        stdout=pipe.get("stdout"),
        stderr=pipe.get("stderr"),
    )


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_work_goes_on_when_its_reader_is_gone(tmp_path: Path, stream: str) -> None:
    """`make up | head` brings the cluster up all the same."""
    done = tmp_path / "done"
    with talker(done, stream) as running:
        reader = running.stdout or running.stderr
        assert reader is not None
        assert "sentence 0" in reader.readline()
        reader.close()
        assert running.wait(60) == 0
    assert done.read_text() == "done"


def test_a_sentence_is_one_line_as_it_was_said(tmp_path: Path) -> None:
    """No markup is read in it, and a pipe's lines are not broken."""
    with talker(tmp_path / "done") as running:
        assert running.stdout is not None
        lines = running.stdout.read().splitlines()
    assert lines[7].split("s ", 1)[1] == "sentence 7 [red]of many[/red]"
    assert len(lines) == 2000
    assert max(map(len, lines)) < PIPE_WIDTH
