"""The CLI has a home also where the user has none, and the user's own one wins."""

import pwd
from pathlib import Path
from types import SimpleNamespace

import pytest

from automation import pulumi_cli
from automation.errors import UnusableHomeError
from automation.pulumi_cli import home
from contract.state_place import state_place


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(pulumi_cli, "HOME", tmp_path / "cache")
    return tmp_path / "cache"


def password_database(monkeypatch: pytest.MonkeyPatch, folder: str | None) -> None:
    """It has this home for the user; None: it does not know the user."""

    def entry(_user: int) -> SimpleNamespace:
        if folder is None:
            raise KeyError
        return SimpleNamespace(pw_dir=folder)

    monkeypatch.setattr(pwd, "getpwuid", entry)


@pytest.mark.parametrize("environ", [{}, {"HOME": "/nonexistent"}])
def test_a_home_that_can_be_written_to_is_used(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That of the password database, which the CLI asks before HOME: a log-in there counts."""
    password_database(monkeypatch, str(tmp_path))
    (tmp_path / ".pulumi").mkdir()
    (tmp_path / ".pulumi" / "credentials.json").write_text('{"current": "s3://acme-state"}')
    assert home(environ) == {}
    assert state_place(environ) == "s3://acme-state"


@pytest.mark.parametrize("environ", [{}, {"HOME": ""}, {"HOME": "/nonexistent"}])
def test_for_a_user_without_an_entry_home_counts(
    environ: dict[str, str], own_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a container that runs under a bare number."""
    password_database(monkeypatch, None)
    assert home({"HOME": str(tmp_path)}) == {}
    assert home(environ) == {"PULUMI_HOME": str(own_cache / "home")}


@pytest.mark.parametrize("folder", ["/nonexistent", "/etc/hostname"])
def test_without_one_it_works_in_our_cache(
    folder: str, own_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    password_database(monkeypatch, folder)
    assert home({"HOME": str(tmp_path)}) == {"PULUMI_HOME": str(own_cache / "home")}
    assert (own_cache / "home").stat().st_mode & 0o777 == 0o700


def test_the_place_that_the_user_named_wins(tmp_path: Path) -> None:
    assert home({"PULUMI_HOME": str(tmp_path / "own"), "HOME": "/nonexistent"}) == {}


def test_a_named_place_that_cannot_be_used_is_refused(tmp_path: Path) -> None:
    """A log-in is never silently looked for elsewhere."""
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(UnusableHomeError, match=r"PULUMI_HOME=.*/file"):
        home({"PULUMI_HOME": str(file)})
