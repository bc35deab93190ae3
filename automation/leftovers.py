"""Docker objects that carry this cluster's label but that no state knows any more.

An update that was killed in the middle of a creation leaves such objects. A second node with the
first one's instance id would be worse than none, so they go before the next update begins.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import docker
from docker.errors import NotFound

from automation.console import say
from contract.labels import CLUSTER_LABEL


def sweep(engine: docker.DockerClient, cluster: str, known: Iterable[str]) -> int:
    """Remove every labelled object whose id and name are not in `known`; returns how many."""
    keep = set(known)
    removed = 0
    for kind, thing in _labelled(engine, cluster):
        if thing.id in keep or thing.name in keep:
            continue
        say(f"Removing {kind} {thing.name}: left by an interrupted run, in no state")
        _remove(kind, thing)
        removed += 1
    return removed


def _labelled(engine: docker.DockerClient, cluster: str) -> Iterator[tuple[str, Any]]:
    wanted: dict[str, str | list[str] | bool] = {"label": f"{CLUSTER_LABEL}={cluster}"}
    for container in engine.containers.list(all=True, filters=wanted, ignore_removed=True):
        yield "container", container
    for network in engine.networks.list(filters=wanted):
        yield "network", network
    for volume in engine.volumes.list(filters=wanted):
        yield "volume", volume


def _remove(kind: str, thing: Any) -> None:
    try:
        if kind == "container":
            thing.remove(force=True, v=True)
        else:
            thing.remove()
    except NotFound:
        return
