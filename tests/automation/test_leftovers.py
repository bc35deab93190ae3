"""What an interrupted run left behind is found by its label and removed; nothing else is."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from docker.errors import NotFound

from automation import leftovers


@dataclass
class Thing:
    """A container, network or volume of the fake engine."""

    id: str
    name: str
    cluster: str
    removed: bool = False
    vanishes: bool = False

    def remove(self, **_: Any) -> None:
        if self.vanishes:
            raise NotFound("gone")
        self.removed = True


@dataclass
class Collection:
    """Lists things by label, as the Docker SDK does."""

    things: list[Thing] = field(default_factory=list)

    def list(self, filters: dict[str, str], **_: Any) -> list[Thing]:
        key, _equals, value = filters["label"].partition("=")
        assert key == "scipio.cluster"
        return [thing for thing in self.things if thing.cluster == value]


@dataclass
class FakeEngine:
    containers: Collection = field(default_factory=Collection)
    networks: Collection = field(default_factory=Collection)
    volumes: Collection = field(default_factory=Collection)


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leftovers, "say", lambda *_: None)


def test_only_what_no_state_knows_is_removed() -> None:
    known = Thing("c1", "node-1", "scipio-local")
    orphan = Thing("c2", "node-2", "scipio-local")
    foreign = Thing("c3", "node-3", "scipio-other")
    engine: Any = FakeEngine(containers=Collection([known, orphan, foreign]))
    assert leftovers.sweep(engine, "scipio-local", {"c1"}) == 1
    assert (known.removed, orphan.removed, foreign.removed) == (False, True, False)


def test_a_volume_is_known_by_its_name() -> None:
    volume = Thing("v", "data-1", "scipio-local")
    engine: Any = FakeEngine(volumes=Collection([volume]))
    assert leftovers.sweep(engine, "scipio-local", {"data-1"}) == 0


def test_what_vanishes_meanwhile_is_no_error() -> None:
    engine: Any = FakeEngine(networks=Collection([Thing("n", "net", "c", vanishes=True)]))
    assert leftovers.sweep(engine, "c", ()) == 1
