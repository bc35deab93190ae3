"""How many cache clears the nodes told since a moment, and how many of them each one heard."""

from contextlib import suppress
from dataclasses import dataclass

from checks.check import NotTriedError
from checks.cluster import Cluster
from checks.inside_reports import SUBSCRIBED, line, reports_of_listeners
from checks.waiting import seconds_until
from contract.inside_report import InsideReport


@dataclass(frozen=True, kw_only=True)
class NodeFigures:
    """Messages since the start of a node's JVM; it receives its own too."""

    told: float
    received: float
    not_followed: float


@dataclass
class ToldClears:
    """Counts from `begin` to the last `look`, by the nodes' own figures."""

    cluster: Cluster
    _before: dict[str, NodeFigures]
    _now: dict[str, NodeFigures]

    @classmethod
    def begin(cls, cluster: Cluster) -> "ToldClears":
        """Once nothing is under way. Raises NotTriedError where nodes have no such figures."""
        before = _figures_at_rest(cluster)
        return cls(cluster, before, before)

    def look(self) -> None:
        self._now = _figures(self.cluster)

    def look_at_rest(self) -> None:
        """Once nothing is under way; in a cluster that never rests, after the time for that."""
        self._now = _figures_at_rest(self.cluster)

    @property
    def told(self) -> float:
        """By all nodes together."""
        return sum(self._now[each].told - before.told for each, before in self._before.items())

    @property
    def heard(self) -> dict[str, float]:
        """By instance id."""
        return {
            each: self._now[each].received - before.received
            for each, before in self._before.items()
        }

    @property
    def not_followed(self) -> dict[str, float]:
        """By instance id; of those nodes alone that could not follow some."""
        lost = {
            each: self._now[each].not_followed - before.not_followed
            for each, before in self._before.items()
        }
        return {each: count for each, count in lost.items() if count > 0}

    def __str__(self) -> str:
        heard = ", ".join(f"{each} heard {count:g}" for each, count in self.heard.items())
        return f"{self.told:g} clears were told; {heard}"


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
    reports = reports_of_listeners(cluster)
    return {instance_id: _of_node(report) for instance_id, report in reports.items()}


def _of_node(report: InsideReport) -> NodeFigures:
    figures = line(report, SUBSCRIBED).figures
    try:
        return NodeFigures(
            told=figures["sent"] + figures["clear_alls_sent"],
            received=figures["received"],
            not_followed=figures["not_followed"],
        )
    except KeyError as figure:
        raise NotTriedError(
            f"{report.instance_id} does not say its figure {figure}: its JVM is starting, or its "
            "image is older than this check (`make up` brings the newest)"
        ) from figure
