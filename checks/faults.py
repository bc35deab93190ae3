"""What breaks, breaks alone, and the cluster mends.

These checks kill containers. Each starts again what it killed, also when it is interrupted.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property

import docker
import docker.errors
import httpx
from docker.utils import kwargs_from_env

from checks.answering_node import a_visitor_at_each_node
from checks.cache_clear import fresh
from checks.check import BrokenPromiseError, Held, NotTriedError, check
from checks.cluster import Cluster
from checks.containers import Containers
from checks.inside import received, subscribers
from checks.kept_session import begin_session, loss_of_session
from checks.nodes import healthy, reached, subscribed
from checks.recovery import Move, ReceivedAgain, Recovery
from checks.visitor import Visitor
from checks.waiting import seconds_until
from contract.docker_endpoint import UnusableContextError, docker_endpoint

LOG_LINES = 15
BROKER_HEALTH = ("broker-health",)
"""Of the broker's image: its first word is `live`, `standby` or `starting`."""


@check(
    "faults.broker",
    "when the live broker is killed, writes and cache clears recover on the other one",
    fault=True,
)
def live_broker_killed(cluster: Cluster) -> Held:
    containers = _containers(cluster)
    live, standby = _broker_roles(cluster, containers)
    with a_visitor_at_each_node(cluster) as visitors:
        if not cluster.has_reference_pages:
            # Where the nodes have no figures now, nothing could be claimed afterwards.
            received.trial(cluster)
        with _killed(containers, live):
            recovery = _recovery(cluster, visitors)
            try:
                seconds_until(recovery.try_once, within_s=cluster.limits.recovery_s)
            except TimeoutError as error:
                raise BrokenPromiseError(
                    f"{cluster.limits.recovery_s:g} s after {live} was killed: {recovery}\n"
                    + _logs(containers, standby, *_node_containers(cluster))
                ) from error
        _wait_for(
            cluster,
            containers,
            f"{live} waits as standby",
            lambda: _broker_role(containers, live) == "standby",
            live,
        )
    if _broker_role(containers, standby) != "live":
        raise BrokenPromiseError(
            f"{standby} is {_broker_role(containers, standby)} after {live} came back"
        )
    return Held(
        evidence=f"{live} was killed, {standby} took over: {recovery}; {live} is standby now",
        figures=recovery.figures(),
    )


@check(
    "faults.node",
    "when a node is killed, its visitors land on another; others keep their session",
    fault=True,
)
def node_killed(cluster: Cluster) -> Held:
    containers = _containers(cluster)
    if len(cluster.outputs.nodes) < 2:
        raise NotTriedError("one node has no other to take its visitors")
    victim = cluster.outputs.nodes[0]
    if victim.container is None:
        raise NotTriedError(f"{victim.instance_id} is no container")
    with a_visitor_at_each_node(cluster) as visitors:
        for visitor in visitors.values():
            begin_session(cluster, visitor)
        move = Move(cluster, visitors[victim.instance_id], away_from=victim.instance_id)
        with _killed(containers, victim.container):
            try:
                move_s = seconds_until(move.try_once, within_s=cluster.limits.recovery_s)
            except TimeoutError as error:
                raise BrokenPromiseError(
                    f"{cluster.limits.recovery_s:g} s after {victim.container} was killed its "
                    f"visitor is not served: {move}\n"
                    + _logs(containers, *filter(None, [cluster.outputs.balancer.container]))
                ) from error
            _others_keep_their_session(cluster, visitors, victim.instance_id)
        back_s = _wait_for(
            cluster,
            containers,
            f"{victim.instance_id} serves visitors again",
            lambda: _node_is_back(cluster, containers, victim.container or ""),
            victim.container,
        )
    return Held(
        evidence=f"{victim.instance_id} was killed: {move}; served again {back_s:.1f} s after "
        "its start",
        figures={"moved_s": round(move_s, 2), "back_s": round(back_s, 1)},
    )


@check("faults.mended", "after the faults the cluster is as before", fault=True)
def mended(cluster: Cluster) -> Held:
    containers = _containers(cluster)
    ill = [name for name in _all_containers(cluster) if not containers.is_healthy(name)]
    if ill:
        raise BrokenPromiseError(f"not healthy: {', '.join(ill)}\n{_logs(containers, *ill)}")
    live, standby = _broker_roles(cluster, containers)
    by_pages = cluster.has_reference_pages
    for promise in (
        healthy,
        reached,
        *((subscribed, fresh) if by_pages else (subscribers, received)),
    ):
        promise.trial(cluster)
    return Held(
        evidence=f"all containers healthy, {live} live, {standby} standby; every node up, reached, "
        + ("subscribed and fresh" if by_pages else "subscribed and received by all")
    )


def _recovery(cluster: Cluster, visitors: dict[str, Visitor]) -> Recovery | ReceivedAgain:
    if cluster.has_reference_pages:
        return Recovery(visitors, cluster.limits.clear_lost_s)
    return ReceivedAgain(cluster)


def _hear(cluster: Cluster) -> None:
    """Raises BrokenPromiseError when a node does not; silent where none of them knows."""
    if cluster.has_reference_pages:
        subscribed.trial(cluster)
        return
    with suppress(NotTriedError):
        subscribers.trial(cluster)


def _others_keep_their_session(cluster: Cluster, visitors: dict[str, Visitor], victim: str) -> None:
    for instance_id, visitor in visitors.items():
        if instance_id == victim:
            continue
        loss = loss_of_session(cluster, visitor, instance_id)
        if loss is not None:
            raise BrokenPromiseError(f"{victim} was killed, and {loss}")


def _node_is_back(cluster: Cluster, containers: Containers, container: str) -> bool:
    if not containers.is_healthy(container):
        return False
    try:
        healthy.trial(cluster)
        reached.trial(cluster)
        _hear(cluster)
    except (BrokenPromiseError, httpx.HTTPError):
        return False
    return True


def _containers(cluster: Cluster) -> Containers:
    if cluster.containers is None:
        raise NotTriedError(f"nothing can be killed on the platform {cluster.outputs.platform}")
    return cluster.containers


def _node_containers(cluster: Cluster) -> list[str]:
    return [node.container for node in cluster.outputs.nodes if node.container]


def _all_containers(cluster: Cluster) -> list[str]:
    outputs = cluster.outputs
    brokers = [broker.container for broker in outputs.brokers]
    named = [*brokers, outputs.database.container, outputs.balancer.container]
    return _node_containers(cluster) + [name for name in named if name]


def _broker_roles(cluster: Cluster, containers: Containers) -> tuple[str, str]:
    """The containers of the live broker and of the waiting one.

    Raises BrokenPromiseError unless there is one of each.
    """
    names = [broker.container for broker in cluster.outputs.brokers if broker.container]
    roles = {name: _broker_role(containers, name) for name in names}
    if sorted(roles.values()) != ["live", "standby"]:
        seen = ", ".join(f"{name} is {role}" for name, role in roles.items()) or "there are none"
        raise BrokenPromiseError(
            f"one broker must be live and one standby: {seen}\n{_logs(containers, *names)}"
        )
    live, standby = sorted(roles, key=lambda name: roles[name])
    return live, standby


def _broker_role(containers: Containers, name: str) -> str:
    """`live`, `standby`, `starting`, or `gone`."""
    return containers.ask(name, BROKER_HEALTH).partition(":")[0].strip() or "gone"


@contextmanager
def _killed(containers: Containers, name: str) -> Iterator[None]:
    """The container is dead inside, and started again at the end, whatever happens."""
    try:
        containers.kill(name)
        yield
    finally:
        containers.start(name)


def _wait_for(
    cluster: Cluster, containers: Containers, what: str, true: Callable[[], bool], *logs_of: str
) -> float:
    try:
        return seconds_until(true, within_s=cluster.limits.mended_s)
    except TimeoutError as error:
        raise BrokenPromiseError(
            f"{what}: not so {cluster.limits.mended_s:g} s after its start\n"
            f"{_logs(containers, *logs_of)}"
        ) from error


def _logs(containers: Containers, *names: str) -> str:
    return "\n".join(f"--- {name}, last lines\n{containers.last_lines(name)}" for name in names)


class DockerContainers:
    """The containers of the Docker engine that `contract.docker_endpoint` finds.

    The engine is looked for when it is first needed: most checks need none.
    """

    @cached_property
    def _engine(self) -> docker.DockerClient:
        with _as_broken("no Docker engine is found"):
            found = docker_endpoint(os.environ)
        with _as_broken(f"no Docker engine answers at {found.host} ({found.chosen_by})"):
            return docker.DockerClient(
                version="auto",
                **kwargs_from_env(found.laid_over(os.environ)),
            )

    def kill(self, name: str) -> None:
        with _as_broken(f"{name} cannot be killed"):
            self._engine.containers.get(name).kill()

    def start(self, name: str) -> None:
        with _as_broken(f"{name} cannot be started"):
            self._engine.containers.get(name).start()

    def is_healthy(self, name: str) -> bool:
        with _as_broken(f"{name} cannot be looked at"):
            state = self._engine.api.inspect_container(name)["State"]
        return bool(state["Running"]) and state.get("Health", {}).get("Status") in (None, "healthy")

    def ask(self, name: str, command: Sequence[str]) -> str:
        with _as_broken(f"{name} cannot be asked"):
            container = self._engine.containers.get(name)
            if container.status != "running":
                return ""
            printed = container.exec_run(list(command), stderr=False).output
        assert isinstance(printed, bytes)  # no stream was asked for
        return printed.decode(errors="replace")

    def last_lines(self, name: str) -> str:
        with _as_broken(f"{name} has no log"):
            log = self._engine.containers.get(name).logs(tail=LOG_LINES)
        return log.decode(errors="replace").rstrip()


@contextmanager
def _as_broken(what: str) -> Iterator[None]:
    try:
        yield
    except (docker.errors.DockerException, UnusableContextError) as error:
        raise BrokenPromiseError(f"{what}: {error}") from error
