"""A release, its way back and its end: no visitor is logged out or refused."""

import io
from collections.abc import Iterator, Sequence
from typing import Any

import docker
import pytest

from automation.errors import AutomationError
from checks.cluster import Cluster
from checks.reference_pages import get_from_session, node, put_in_session
from checks.run import run_checks
from contract.stack_outputs import NodeOutput, StackOutputs
from tests.cluster.conftest import STACK, OpenStack
from tests.cluster.parts import containers_of
from tests.cluster.served_all_the_time import visiting

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(900)]

OTHER_VERSION = f"scipio-{STACK}-node:other-version"


@pytest.fixture(scope="module")
def other_version(docker_engine: docker.DockerClient, outputs: StackOutputs) -> Iterator[str]:
    """Another version of what the nodes run; it differs by a label alone."""
    running = docker_engine.containers.get(outputs.nodes[0].container or "").image
    assert running is not None
    recipe = f"FROM {running.id}\nLABEL version=other\n"
    docker_engine.images.build(fileobj=io.BytesIO(recipe.encode()), tag=OTHER_VERSION, rm=True)
    yield OTHER_VERSION
    docker_engine.images.remove(OTHER_VERSION, force=True)


@pytest.fixture
def as_it_was(open_stack: OpenStack) -> Iterator[None]:
    """Whatever happens, the stack is as its file says afterwards."""
    yield
    open_stack({}).up()


def lives(engine: docker.DockerClient, outputs: StackOutputs) -> dict[str, str]:
    """Every container's id and its last start, by name; but for the one that says the colour."""
    return {
        container.name or "": f"{container.id} {container.attrs['State']['StartedAt']}"
        for container in containers_of(engine, outputs)
    }


def ids(nodes: Sequence[NodeOutput]) -> set[str]:
    return {each.instance_id for each in nodes}


def release(image: str, active: str) -> dict[str, dict[str, Any]]:
    """Both colours; `active` gets the new visitors from now on."""
    return {
        "release": {
            "mode": "bluegreen",
            "green": {"image": image, "count": 1},
            "active": active,
        }
    }


def strangers_reach(cluster: Cluster) -> set[str]:
    """The nodes that new visitors get."""
    found = set()
    for _ in range(8):
        with cluster.visitor() as stranger:
            found.add(node(stranger).instance_id)
    return found


@pytest.mark.usefixtures("as_it_was")
def test_a_logged_in_visitor_survives_a_release_and_its_way_back(
    docker_engine: docker.DockerClient,
    outputs: StackOutputs,
    open_stack: OpenStack,
    other_version: str,
) -> None:
    blue_ids = ids(outputs.nodes)
    before = lives(docker_engine, outputs)
    cluster = Cluster.of(outputs)
    with cluster.visitor() as blue, cluster.visitor() as green:
        home = put_in_session(blue, "basket", "three shirts").instance_id
        with visiting(cluster, {"blue": blue}) as journal:
            both = open_stack(release(other_version, "blue"))
            both.up()
            green_id = both.outputs().drained_nodes[0].instance_id
            assert strangers_reach(cluster) == blue_ids
            open_stack(release(other_version, "green")).up()
            assert strangers_reach(cluster) == {green_id}
            assert put_in_session(green, "basket", "one hat").instance_id == green_id
            switched = open_stack({}).outputs()
            assert broken(switched) == []
            open_stack(release(other_version, "blue")).up()
            assert strangers_reach(cluster) == blue_ids
        assert journal.failures == []
        assert journal.answered["blue"] == {home}
        assert journal.answered["stranger"] == blue_ids | {green_id}
        assert get_from_session(blue, "basket").value == "three shirts"
        assert get_from_session(green, "basket").value == "one hat"
        assert lives(docker_engine, outputs) == before, (
            "no node, no broker and no balancer was touched"
        )
        dropped = release(other_version, "blue")
        dropped["release"]["green"] = None
        with pytest.raises(AutomationError, match="green is still used"):
            open_stack(dropped).up()
        assert get_from_session(green, "basket").value == "one hat"
        dropped["release"]["dropEarly"] = True
        with visiting(cluster, {"blue": blue}) as journal:
            open_stack(dropped).up()
        assert journal.failures == []
        assert journal.answered["blue"] == {home}
        left = open_stack({}).outputs()
        assert ids(left.nodes) == blue_ids
        assert left.drained_nodes == ()
        assert node(green).instance_id in blue_ids, "their node is gone: they begin anew"
        assert get_from_session(blue, "basket").value == "three shirts"
        assert lives(docker_engine, left) == before


def broken(outputs: StackOutputs) -> list[str]:
    """The evidence of all that does not hold for those who come now."""
    report = run_checks(outputs, faults=False, only=("nodes", "sessions"), no_skip=True)
    return [result.evidence for result in report.results if result.verdict != "pass"]


@pytest.mark.patient
@pytest.mark.usefixtures("as_it_was")
def test_an_image_in_mode_rolling_leaves_somebody_to_serve_at_any_time(
    docker_engine: docker.DockerClient,
    outputs: StackOutputs,
    open_stack: OpenStack,
    other_version: str,
) -> None:
    """Those who were on a replaced node log in again; no visitor is refused."""
    before = lives(docker_engine, outputs)
    cluster = Cluster.of(outputs)
    rolled = open_stack({"release": {"blue": {"image": other_version}}})
    with visiting(cluster, {}) as journal:
        rolled.up()
    assert journal.failures == []
    after = lives(docker_engine, rolled.outputs())
    others = before.keys() & after.keys()
    assert len(others) == len(before) - len(outputs.nodes)
    assert {name: after[name] for name in others} == {name: before[name] for name in others}
