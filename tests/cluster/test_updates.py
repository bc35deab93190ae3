"""Updates touch what they must and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager

import docker
import pytest

from checks.run import run_checks
from contract.stack_outputs import StackOutputs
from tests.cluster.conftest import OpenStack
from tests.cluster.parts import containers_of

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(900)]


def lives(engine: docker.DockerClient, outputs: StackOutputs) -> dict[str, str]:
    """Every container's id and when it was started last, by its name."""
    return {
        container.name or "": f"{container.id} {container.attrs['State']['StartedAt']}"
        for container in containers_of(engine, outputs)
    }


@contextmanager
def one_node_more(outputs: StackOutputs, open_stack: OpenStack) -> Iterator[StackOutputs]:
    """The outputs with one node more than the stack says; it is gone afterwards."""
    grown = open_stack({"nodes": {"count": len(outputs.nodes) + 1}})
    try:
        grown.up()
        yield grown.outputs()
    finally:
        open_stack({}).up()


def broken(outputs: StackOutputs, *themes: str) -> list[str]:
    """The evidence of all that does not hold."""
    report = run_checks(outputs, faults=False, only=themes, no_skip=True)
    return [result.evidence for result in report.results if result.verdict != "pass"]


def test_a_second_update_changes_nothing(
    docker_engine: docker.DockerClient, outputs: StackOutputs, open_stack: OpenStack
) -> None:
    before = lives(docker_engine, outputs)
    counts = open_stack({}).up()
    assert {verb: count for verb, count in counts.items() if count and verb != "same"} == {}
    assert lives(docker_engine, outputs) == before


def test_a_node_comes_and_goes_and_nothing_else_is_touched(
    docker_engine: docker.DockerClient, outputs: StackOutputs, open_stack: OpenStack
) -> None:
    """Neither the other nodes nor the balancer that sends visitors to it are started again."""
    before = lives(docker_engine, outputs)
    with one_node_more(outputs, open_stack) as grown:
        after = lives(docker_engine, grown)
        assert len(after) == len(before) + 1
        assert {name: life for name, life in after.items() if name in before} == before
        assert broken(grown, "nodes", "sessions", "cache_clear") == []
    assert lives(docker_engine, open_stack({}).outputs()) == before
    assert broken(outputs, "nodes", "sessions") == []
