"""A running stack of the ERP: somebody at either node, and brokers that can be killed."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from checks.cluster import Cluster
from checks.containers import Containers
from checks.faults import BROKER_HEALTH
from checks.waiting import seconds_until
from tests.benchmark.erp.administration import Administration, NoAnswerError

LOOKS = 20
BROKER_WITHIN_S = 60.0


@dataclass(frozen=True, kw_only=True)
class ErpSite:
    """One mode, and somebody at either node."""

    cluster: Cluster
    password: str
    writer: Administration
    reader: Administration

    @property
    def nodes(self) -> tuple[Administration, Administration]:
        return self.writer, self.reader

    def kill_brokers(self) -> None:
        """The waiting one first, or it would take over."""
        for name in sorted(self._brokers(), key=self._is_live):
            self._containers.kill(name)

    def start_brokers(self) -> None:
        """Returns when one of them serves."""
        for name in self._brokers():
            self._containers.start(name)
        seconds_until(lambda: any(map(self._is_live, self._brokers())), within_s=BROKER_WITHIN_S)

    @property
    def _containers(self) -> Containers:
        assert self.cluster.containers is not None
        return self.cluster.containers

    def _brokers(self) -> Sequence[str]:
        return [broker.container for broker in self.cluster.outputs.brokers if broker.container]

    def _is_live(self, name: str) -> bool:
        return self._containers.ask(name, BROKER_HEALTH).startswith("live")


def _forget(cluster: Cluster, password: str) -> None:
    """Whatever became of the nodes meanwhile."""
    with Administration.visited(cluster) as somebody:
        somebody.log_in(password)
        somebody.run("forget")


@contextmanager
def erp_site(cluster: Cluster, password: str) -> Iterator[ErpSite]:
    """Raises NoAnswerError when nobody gets to a second node."""
    with ExitStack() as ending:
        at: dict[str, Administration] = {}
        for _ in range(LOOKS):
            somebody = ending.enter_context(Administration.visited(cluster))
            somebody.log_in(password)
            if not at:
                somebody.permit_programs()
                ending.callback(_forget, cluster, password)
            at.setdefault(str(somebody.run("who")), somebody)
            if len(at) == 2:
                writer, reader = at.values()
                yield ErpSite(cluster=cluster, password=password, writer=writer, reader=reader)
                return
    raise NoAnswerError(f"the balancer sent {LOOKS} visitors to one node: {', '.join(at)}")
