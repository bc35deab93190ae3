"""Tests that wait are taken apart, and nothing that a file shares is."""

import pytest

from automation.paths import ROOT
from tests.support.waiting_tests import WAITING_FILES, waits


@pytest.mark.parametrize("file", WAITING_FILES)
def test_no_fixture_of_a_whole_file_would_be_made_anew_for_each_test(file: str) -> None:
    assert 'scope="module"' not in (ROOT / file).read_text(encoding="utf-8")


def test_tests_of_other_files_stay_together() -> None:
    assert waits(f"{WAITING_FILES[0]}::test_a[b::c]")
    assert not waits("tests/unit/test_imports.py::test_a")


def test_waiting_tests_are_spread_and_come_first(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two tests of one second each, on two workers."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("PYTEST_ADDOPTS", "")
    pytester.makeconftest('pytest_plugins = ["tests.support.waiting_tests"]')
    body = "def test_one(worker_id):\n    {0}\n\ndef test_two(worker_id):\n    {0}\n"
    show = "open('ran', 'a').write(f'{__name__} {worker_id}\\n')"
    pytester.path.joinpath("test_first.py").write_text(body.format(show))
    waiting = pytester.path / WAITING_FILES[-1]
    waiting.parent.mkdir(parents=True)
    waiting.write_text(body.format(f"import time; time.sleep(1); {show}"))
    run = pytester.runpytest_subprocess("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
    run.assert_outcomes(passed=4)
    ran = [line.split() for line in (pytester.path / "ran").read_text().splitlines()]
    assert len({worker for name, worker in ran if name != "test_first"}) == 2
    assert len({worker for name, worker in ran if name == "test_first"}) == 1
