"""What Docker says of the running containers."""

import docker
import pytest
from docker.models.containers import Container

from contract.stack_outputs import StackOutputs
from tests.cluster.parts import containers_of

pytestmark = pytest.mark.cluster

EACH_SECRET = "for file in /etc/scipio/secrets/*; do cat $file; echo; done"


@pytest.fixture(scope="module")
def containers(docker_engine: docker.DockerClient, outputs: StackOutputs) -> list[Container]:
    """All of the cluster's."""
    return containers_of(docker_engine, outputs)


@pytest.fixture(scope="module")
def secret_values(docker_engine: docker.DockerClient, outputs: StackOutputs) -> list[str]:
    """The passwords that the nodes were given."""
    node = docker_engine.containers.get(outputs.nodes[0].container or "")
    printed = node.exec_run(["sh", "-c", EACH_SECRET]).output
    assert isinstance(printed, bytes)
    values = [line for line in printed.decode().splitlines() if line]
    assert len(values) >= 4
    return values


def test_every_container_is_healthy_by_a_check_of_its_own(containers: list[Container]) -> None:
    states = {c.name: c.attrs["State"].get("Health", {}).get("Status") for c in containers}
    assert set(states.values()) == {"healthy"}, states


def test_ports_are_published_on_this_machine_alone(containers: list[Container]) -> None:
    published = [
        (c.name, binding["HostIp"])
        for c in containers
        for bindings in (c.attrs["NetworkSettings"]["Ports"] or {}).values()
        for binding in bindings or []
    ]
    assert len(published) == 3
    assert {address for _, address in published} == {"127.0.0.1"}, published


def test_no_container_runs_as_root_or_with_privileges(containers: list[Container]) -> None:
    users = {c.name: c.exec_run(["id", "-u"]).output for c in containers}
    assert b"0\n" not in users.values(), users
    assert not any(c.attrs["HostConfig"]["Privileged"] for c in containers)


def test_memory_is_bounded_and_there_is_no_swap_beside_it(containers: list[Container]) -> None:
    limits = {
        c.name: (c.attrs["HostConfig"]["Memory"], c.attrs["HostConfig"]["MemorySwap"])
        for c in containers
    }
    assert all(memory > 0 and memory == swap for memory, swap in limits.values()), limits


def test_no_secret_is_in_what_docker_shows_of_a_container(
    containers: list[Container], secret_values: list[str]
) -> None:
    """Environment, arguments and labels are readable by whoever may run `docker inspect`."""
    shown = [c.name for c in containers if any(value in repr(c.attrs) for value in secret_values)]
    assert shown == []


def test_no_secret_is_in_a_log(containers: list[Container], secret_values: list[str]) -> None:
    told = [
        c.name
        for c in containers
        if any(value in c.logs().decode(errors="replace") for value in secret_values)
    ]
    assert told == []


def test_no_secret_is_in_a_process_list(
    containers: list[Container], secret_values: list[str]
) -> None:
    listing = {c.name: repr(c.top(ps_args="-ef")) for c in containers}
    told = [name for name, text in listing.items() if any(v in text for v in secret_values)]
    assert told == []
