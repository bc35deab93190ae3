"""The fake cluster's containers, as fault checks handle them."""

import json
import time
from collections.abc import Sequence

from contract.check_report import Verdict
from contract.inside_report import InsideReport, InsideResult
from tests.checks.fake_cluster import FakeCluster


class FakeContainers:
    """Kills and starts parts of a fake cluster; keeps what was asked, in order."""

    def __init__(self, cluster: FakeCluster, *, ill: tuple[str, ...] = ()) -> None:
        self._cluster = cluster
        self._ill = ill
        self.done: list[str] = []

    def kill(self, name: str) -> None:
        self.done.append(f"kill {name}")
        self._cluster.kill(name)

    def start(self, name: str) -> None:
        self.done.append(f"start {name}")
        self._cluster.start(name)

    def is_healthy(self, name: str) -> bool:
        return name not in self._cluster.dead and name not in self._ill

    def ask(self, name: str, command: Sequence[str]) -> str:
        if command == ("broker-health",):
            return self._cluster.broker_role(name)
        if command == ("python3", "-m", "node", "cache-clear"):
            return self._figures(name)
        assert command == ("python3", "-m", "node", "check", "--json")
        return self._look_from_inside(name)

    def _figures(self, name: str) -> str:
        [node] = [node for node in self._cluster.nodes if node.container == name]
        behaviour = self._cluster.behaviour
        if behaviour.stock_listener:
            return ""
        deaf = node.instance_id in behaviour.follows_nothing_inside
        figures = {
            "sent": node.sent,
            "clearAllsSent": 0,
            "received": node.received,
            "notFollowed": node.received if deaf else 0,
            "receivedFrom": dict(node.received_from),
        }
        if node.instance_id in behaviour.of_an_older_image:
            del figures["received"]
        return json.dumps(figures)

    def _look_from_inside(self, name: str) -> str:
        [node] = [node for node in self._cluster.nodes if node.container == name]
        behaviour, instance_id = self._cluster.behaviour, node.instance_id
        if instance_id in behaviour.silent_inside:
            return "Segmentation fault"
        live = len(self._cluster.nodes) - len(behaviour.unregistered)
        deaf, ill = instance_id in behaviour.deaf_inside, instance_id in behaviour.ill_inside
        stock: Verdict = "skip" if behaviour.stock_listener else "pass"
        return InsideReport(
            cluster="test",
            instance_id=instance_id,
            role="app",
            observed_at=time.time(),
            results=(
                _line("disk.run", "fail" if ill else "pass"),
                # Only said, so that one thing at a time goes wrong.
                _line("cacheClear.subscribed", "skip" if deaf else stock),
                _line("database.members", "pass", live_nodes=live),
            ),
        ).model_dump_json()

    def last_lines(self, name: str) -> str:
        return f"the last line of {name}"


def _line(name: str, verdict: Verdict, **figures: float) -> InsideResult:
    advice = f"mend {name}" if verdict == "fail" else ""
    return InsideResult(
        name=name, verdict=verdict, evidence=f"{name} seen", advice=advice, figures=figures
    )
