"""A Docker engine that only lists and removes, with what the tests put into it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from docker.errors import NotFound

from contract.labels import CLUSTER_LABEL, STATE_LABEL, STATE_MADE_LABEL, STATE_PLACE_LABEL


@dataclass
class Thing:
    """A container, network or volume under a cluster's name; `mark` None carries none."""

    name: str
    mark: str | None = None
    cluster: str = "scipio-local"
    id: str = ""
    status: str = "running"
    place: str = "file:///home/anna/erp/.state on desk"
    removed: bool = False
    vanishes: bool = False

    def __post_init__(self) -> None:
        self.id = self.id or f"id-of-{self.name}"

    @property
    def labels(self) -> dict[str, str]:
        marks = {
            STATE_LABEL: self.mark or "",
            STATE_PLACE_LABEL: self.place,
            STATE_MADE_LABEL: "2026-11-30T21:00:00+00:00",
        }
        return {CLUSTER_LABEL: self.cluster, **(marks if self.mark else {})}

    @property
    def attrs(self) -> dict[str, Any]:
        return {"Labels": self.labels, "NetworkSettings": {"Ports": None}}

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
        assert key == CLUSTER_LABEL
        return [each for each in self.things if each.cluster == value and not each.removed]


@dataclass
class FakeEngine:
    """`engine.containers.things` and the others hold what is there."""

    containers: Collection = field(default_factory=Collection)
    networks: Collection = field(default_factory=Collection)
    volumes: Collection = field(default_factory=Collection)

    def __iter__(self) -> Iterator[Thing]:
        for each in (self.containers, self.networks, self.volumes):
            yield from each.things

    def removed(self) -> set[str]:
        return {each.name for each in self if each.removed}


def cluster_of_state(mark: str | None, prefix: str = "", **options: Any) -> FakeEngine:
    """A node, a network and the database's volume of one state."""
    return FakeEngine(
        containers=Collection([Thing(f"{prefix}node", mark, **options)]),
        networks=Collection([Thing(f"{prefix}network", mark)]),
        volumes=Collection([Thing(f"{prefix}database", mark)]),
    )


def together(*engines: FakeEngine) -> Any:
    """One engine that has what all of them have."""
    return FakeEngine(
        containers=Collection([each for engine in engines for each in engine.containers.things]),
        networks=Collection([each for engine in engines for each in engine.networks.things]),
        volumes=Collection([each for engine in engines for each in engine.volumes.things]),
    )
