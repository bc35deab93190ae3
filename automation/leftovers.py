"""Docker objects under a cluster's name, and whose they are.

The mark on an object names the state that made it. What carries this state's mark and is no longer
in this state was left by an update that was killed: it is swept. What carries another mark, or
none, belongs to another state: it is shown, and never touched without the person's word.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

import docker
from docker.errors import NotFound

from automation import docker_engine
from automation.console import say
from automation.errors import AnothersClusterError
from automation.stack_state import StackState
from contract.labels import CLUSTER_LABEL, STATE_LABEL, STATE_MADE_LABEL, STATE_PLACE_LABEL

Kind = Literal["container", "network", "volume"]


@dataclass(frozen=True, kw_only=True)
class Found:
    """One object under the cluster's name. `mark`, `place` and `made` are of the state that made
    it; empty where it says nothing of that."""

    kind: Kind
    id: str
    name: str
    mark: str
    place: str
    made: str
    is_running: bool
    thing: Any
    """The SDK's own object."""

    def belongs_to(self, state: StackState) -> bool:
        return self.is_known_to(state) or (self.mark != "" and self.mark == state.mark)

    def is_known_to(self, state: StackState) -> bool:
        return self.id in state.known or self.name in state.known

    def remove(self) -> None:
        """Remove it; what vanishes meanwhile is no error."""
        try:
            if self.kind == "container":
                self.thing.remove(force=True, v=True)
            else:
                self.thing.remove()
        except NotFound:
            return


def labelled(engine: docker.DockerClient, cluster: str) -> list[Found]:
    """Everything under the cluster's name, in an order in which it can be removed."""
    wanted: dict[str, str | list[str] | bool] = {"label": f"{CLUSTER_LABEL}={cluster}"}
    containers = engine.containers.list(all=True, filters=wanted, ignore_removed=True)
    return [
        *(_found("container", each, each.labels) for each in containers),
        *(
            _found("network", each, each.attrs.get("Labels"))
            for each in engine.networks.list(filters=wanted)
        ),
        *(
            _found("volume", each, each.attrs.get("Labels"))
            for each in engine.volumes.list(filters=wanted)
        ),
    ]


def _found(kind: Kind, thing: Any, labels: dict[str, str] | None) -> Found:
    given = labels or {}
    return Found(
        kind=kind,
        id=thing.id,
        name=thing.name,
        mark=given.get(STATE_LABEL, ""),
        place=given.get(STATE_PLACE_LABEL, ""),
        made=given.get(STATE_MADE_LABEL, ""),
        is_running=kind == "container" and thing.status == "running",
        thing=thing,
    )


def of_others(found: Sequence[Found], state: StackState) -> list[Found]:
    """What this state did not make."""
    return [each for each in found if not each.belongs_to(state)]


def refuse_others(engine: docker.DockerClient, cluster: str, stack: str, state: StackState) -> None:
    """Raise `AnothersClusterError` when something under this name is not of this state, or when all
    that the state made is in another engine than this one."""
    found = labelled(engine, cluster)
    if state.in_docker and not any(each.is_known_to(state) for each in found):
        raise AnothersClusterError(
            f"The state of stack {stack} ({state.place}) names containers, networks and volumes, "
            f"and this Docker engine ({docker_engine.endpoint().host}) has none of them. Are they "
            "in another one? Then choose that one (`docker context use NAME`, DOCKER_HOST). If "
            f"they are gone for good, `make down{_argument(stack)}` makes the state forget it. "
            "Nothing was touched."
        )
    others = of_others(found, state)
    if others:
        raise AnothersClusterError(
            f"Under the name {cluster} there is what this state ({state.place}) did not make:\n"
            f"{listing(others)}\n{_ways_on(stack)}"
        )


def _ways_on(stack: str) -> str:
    argument = _argument(stack)
    return (
        "Nothing was touched. The ways on:\n"
        "  - go on with it: run the command in the checkout, or with the PULUMI_BACKEND_URL, that "
        "is named above\n"
        f"  - another cluster beside it: copy stacks/Pulumi.{stack}.yaml to "
        "stacks/Pulumi.NAME.yaml, give that one ports of its own (`scipio:balancer: {httpsPort: "
        "9443, httpPort: 9080, statisticsPort: 9404}`), and run `make up STACK=NAME`\n"
        f"  - remove it where its state is: `make down{argument}`\n"
        f"  - its state is lost: `make down{argument} FORGOTTEN=yes` removes what is listed above, "
        "data included, once you have confirmed it"
    )


def _argument(stack: str) -> str:
    return "" if stack == "local" else f" STACK={stack}"


def listing(found: Sequence[Found]) -> str:
    """What there is, by the state that made it, for a person to judge."""

    def maker(each: Found) -> tuple[str, str, str]:
        return each.mark, each.place, each.made

    parts = []
    for (mark, place, made), group in groupby(sorted(found, key=maker), key=maker):
        whose = f"made by the state at {place or '?'} (begun {made or '?'})" if mark else _NO_MARK
        parts.append(f"  {whose}:")
        parts += [f"    {line}" for line in _lines(list(group))]
    return "\n".join(parts)


_NO_MARK = "without a mark of any state (made by an earlier version of this project, or by hand)"


def _lines(found: Sequence[Found]) -> Iterator[str]:
    kinds: tuple[tuple[str, Callable[[Found], bool]], ...] = (
        ("running containers", lambda each: each.is_running),
        ("stopped containers", lambda each: each.kind == "container" and not each.is_running),
        ("networks", lambda each: each.kind == "network"),
        ("volumes, with their data", lambda each: each.kind == "volume"),
    )
    for title, belongs in kinds:
        names = sorted(each.name for each in found if belongs(each))
        if names:
            yield f"{title}: {', '.join(names)}"


def sweep(
    engine: docker.DockerClient,
    cluster: str,
    read_state: Callable[[], StackState],
    *,
    kinds: Sequence[Kind] = ("container", "network"),
) -> None:
    """Remove what carries this state's mark and is no longer in it.

    The objects are listed before the state is read, so that one which an update makes meanwhile is
    not taken for lost. A volume stays, unless `kinds` says otherwise: it may hold data.
    """
    found = labelled(engine, cluster)
    state = read_state()
    lost = [each for each in found if each.belongs_to(state) and not each.is_known_to(state)]
    for each in lost:
        if each.kind in kinds:
            say(f"Removing {each.kind} {each.name}: left by an interrupted run, in no state")
            each.remove()
        elif each.kind == "volume":
            say(f"Leaving volume {each.name}: in no state, and `make down` alone removes volumes")
