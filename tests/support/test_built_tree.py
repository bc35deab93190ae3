"""Tests on the ERP never pass because there is no ERP."""

from pathlib import Path

import pytest

from automation.paths import ROOT

ASKS = "def test_on_the_erp(scipio_home):\n    assert (scipio_home / 'ofbiz.jar').is_file()\n"


@pytest.fixture
def asking(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("PYTEST_ADDOPTS", "")
    pytester.makeconftest('pytest_plugins = ["tests.support.built_tree"]')
    pytester.makepyfile(ASKS)
    return pytester


def test_without_a_tree_they_fail_and_say_how_to_name_one(
    asking: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SCIPIO_HOME", raising=False)
    run = asking.runpytest_subprocess("-p", "no:cacheprovider")
    run.assert_outcomes(errors=1)
    run.stdout.fnmatch_lines("*make erp-test SCIPIO_HOME=/path*")


def test_a_folder_that_is_no_built_tree_is_named(
    asking: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SCIPIO_HOME", str(tmp_path))
    run = asking.runpytest_subprocess("-p", "no:cacheprovider")
    run.assert_outcomes(errors=1)
    run.stdout.fnmatch_lines(f"*SCIPIO_HOME={tmp_path} is not a built Scipio tree*")


def test_a_built_tree_is_taken(
    asking: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "ofbiz.jar").touch()
    monkeypatch.setenv("SCIPIO_HOME", str(tmp_path))
    asking.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)
