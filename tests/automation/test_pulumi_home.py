"""The CLI has a home also where the user has none, and the user's own one wins."""

from pathlib import Path

import pytest

from automation import pulumi_cli
from automation.errors import UnusableHomeError
from automation.pulumi_cli import home


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(pulumi_cli, "HOME", tmp_path / "cache")
    return tmp_path / "cache"


def test_a_home_that_can_be_written_to_is_used(tmp_path: Path) -> None:
    assert home({"HOME": str(tmp_path)}) == {}


@pytest.mark.parametrize(
    "environ", [{}, {"HOME": ""}, {"HOME": "/nonexistent"}, {"HOME": "/etc/hostname"}]
)
def test_without_one_it_works_in_our_cache(environ: dict[str, str], own_cache: Path) -> None:
    assert home(environ) == {"PULUMI_HOME": str(own_cache / "home")}
    assert (own_cache / "home").stat().st_mode & 0o777 == 0o700


def test_the_place_that_the_user_named_wins(tmp_path: Path) -> None:
    assert home({"PULUMI_HOME": str(tmp_path / "own"), "HOME": "/nonexistent"}) == {}


def test_a_named_place_that_cannot_be_used_is_refused(tmp_path: Path) -> None:
    """Nobody's log-in is looked for elsewhere in silence."""
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(UnusableHomeError, match=r"PULUMI_HOME=.*/file"):
        home({"PULUMI_HOME": str(file)})
