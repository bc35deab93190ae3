"""An artifact is made when what it is made from changed, and never half."""

from pathlib import Path

import pytest

from automation import artifacts, one_at_a_time
from automation.artifacts import Artifact
from automation.errors import MissingToolError


class Workshop:
    """A source, and a making that counts itself and can break."""

    def __init__(self, root: Path) -> None:
        self.source = root / "source"
        self.source.write_text("one")
        self.folder = root / "artifacts" / "lib"
        self.made = 0
        self.broken = False

    def artifact(self, variant: str = "") -> Artifact:
        return Artifact(
            folder=self.folder, sources=(self.source,), make=self._make, variant=variant
        )

    def _make(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.broken:
            raise KeyboardInterrupt
        self.made += 1


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    monkeypatch.setattr(artifacts, "ROOT", tmp_path)
    monkeypatch.setattr(one_at_a_time, "FOLDER", tmp_path / "locks")
    return Workshop(tmp_path)


def test_an_unchanged_source_is_made_once(workshop: Workshop) -> None:
    workshop.artifact().ensure()
    workshop.artifact().ensure()
    assert workshop.made == 1


def test_a_changed_source_is_made_again(workshop: Workshop) -> None:
    workshop.artifact().ensure()
    workshop.source.write_text("two")
    workshop.artifact().ensure()
    assert workshop.made == 2


def test_nothing_of_an_earlier_making_stays(workshop: Workshop) -> None:
    """Two versions of a jar on one class path: the older one may win."""
    workshop.artifact().ensure()
    (workshop.folder / "broker-5.18.3.jar").touch()
    workshop.source.write_text("two")
    workshop.artifact().ensure()
    assert list(workshop.folder.iterdir()) == []


def test_another_architecture_is_made_again(workshop: Workshop) -> None:
    workshop.artifact("amd64").ensure()
    workshop.artifact("arm64").ensure()
    assert workshop.made == 2


def test_an_interrupted_making_is_not_taken_for_done(workshop: Workshop) -> None:
    workshop.broken = True
    with pytest.raises(KeyboardInterrupt):
        workshop.artifact().ensure()
    assert not workshop.artifact().current()


def test_an_unknown_architecture_is_named() -> None:
    with pytest.raises(MissingToolError, match="runs on riscv64"):
        artifacts._site_packages("riscv64")
