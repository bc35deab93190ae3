"""Two commands of one checkout: what must not be done at once is done one after the other."""

import subprocess
import sys
from pathlib import Path

import pytest

from automation import one_at_a_time
from automation.paths import ROOT

WORKER = """
import sys, time
from pathlib import Path
from automation import one_at_a_time
one_at_a_time.FOLDER = Path(sys.argv[1])
with one_at_a_time.one_at_a_time("making of the jars"):
    inside = Path(sys.argv[1]) / "inside"
    assert not inside.exists()
    inside.touch()
    time.sleep(0.3)
    inside.unlink()
"""


def test_the_second_waits_for_the_first_and_says_so(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WORKER, str(tmp_path)]
    workers = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8")
        for _ in range(3)
    ]
    said = [worker.communicate(timeout=60)[0] for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0, 0]
    waiting = [line for each in said for line in each.splitlines() if "another command" in line]
    assert waiting
    assert all("is at the making of the jars" in line for line in waiting)


def test_a_process_that_was_killed_holds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = WORKER.replace("time.sleep(0.3)", "print('in', flush=True); time.sleep(60)")
    with subprocess.Popen(
        [sys.executable, "-c", long, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE
    ) as killed:
        assert killed.stdout is not None
        killed.stdout.readline()
        killed.kill()
    monkeypatch.setattr(one_at_a_time, "FOLDER", tmp_path)
    with one_at_a_time.one_at_a_time("making of the jars"):
        pass
