"""How many cache clears each node sent since a moment, and how many of them each one received."""

from contextlib import suppress
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from checks.check import NotTriedError
from checks.cluster import Cluster
from checks.inside_reports import entered
from checks.waiting import seconds_until

FIGURES = ("python3", "-m", "node", "cache-clear")


class NodeFigures(BaseModel):
    """Messages since the start of a node's JVM; it receives its own too."""

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel)

    sent: int
    clear_alls_sent: int
    received: int
    not_followed: int
    received_from: dict[str, int] | None = None
    """By the instance id of the node that sent; an older image does not count so."""

    @property
    def all_sent(self) -> int:
        return self.sent + self.clear_alls_sent


@dataclass
class ClearCounts:
    """Counts from `begin` to the last `look`, by the nodes' own figures."""

    cluster: Cluster
    _before: dict[str, NodeFigures]
    _now: dict[str, NodeFigures]

    @classmethod
    def begin(cls, cluster: Cluster) -> "ClearCounts":
        """Once nothing is under way. Raises NotTriedError where nodes have no such figures."""
        before = _figures_at_rest(cluster)
        return cls(cluster, before, before)

    def look(self) -> None:
        self._now = _figures(self.cluster)

    def look_at_rest(self) -> None:
        """Once nothing is under way; in a cluster that never rests, after the time for that."""
        self._now = _figures_at_rest(self.cluster)

    @property
    def sent(self) -> int:
        """By all nodes together."""
        return sum(self.sent_by.values())

    @property
    def sent_by(self) -> dict[str, int]:
        """By instance id."""
        return {
            each: self._now[each].all_sent - before.all_sent
            for each, before in self._before.items()
        }

    @property
    def missing(self) -> list[str]:
        """Who received fewer than were sent, and of which node, in words."""
        return [
            f"{receiver} received {received} of the {sent} of {sender}"
            for receiver in self._before
            for sender, sent in self.sent_by.items()
            if (received := self._received(receiver, sender)) is not None and received < sent
        ]

    def _received(self, receiver: str, sender: str) -> int | None:
        """None where the receiver does not count by sender."""
        before, now = self._before[receiver].received_from, self._now[receiver].received_from
        if before is None or now is None:
            return None
        return now.get(sender, 0) - before.get(sender, 0)

    @property
    def received(self) -> dict[str, int]:
        """By instance id."""
        return {
            each: self._now[each].received - before.received
            for each, before in self._before.items()
        }

    @property
    def not_followed(self) -> dict[str, int]:
        """By instance id; of those nodes alone that could not follow some."""
        lost = {
            each: self._now[each].not_followed - before.not_followed
            for each, before in self._before.items()
        }
        return {each: count for each, count in lost.items() if count > 0}

    def __str__(self) -> str:
        received = ", ".join(f"{each} received {count}" for each, count in self.received.items())
        return f"{self.sent} clears were sent; {received}"


def _figures_at_rest(cluster: Cluster) -> dict[str, NodeFigures]:
    seen = _figures(cluster)

    def unchanged() -> bool:
        last = dict(seen)
        seen.update(_figures(cluster))
        return seen == last

    with suppress(TimeoutError):
        seconds_until(unchanged, within_s=cluster.limits.fresh_s, poll_s=cluster.limits.figures_s)
    return seen


def _figures(cluster: Cluster) -> dict[str, NodeFigures]:
    containers, named = entered(cluster)
    return {
        instance_id: _of_node(instance_id, containers.ask(container, FIGURES))
        for instance_id, container in named.items()
    }


def _of_node(instance_id: str, printed: str) -> NodeFigures:
    try:
        return NodeFigures.model_validate_json(printed)
    except ValidationError as error:
        raise NotTriedError(
            f"{instance_id} does not say what it sent and received: mode stock, a listener of the "
            "tree's own, a JVM that is starting, or an image older than this check (`make up` "
            "brings the newest)"
        ) from error
