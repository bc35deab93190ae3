"""What holds for each of the four images."""

import docker
import pytest

from tests.image.conftest import Images
from tests.image.container import container

pytestmark = pytest.mark.docker

ROLES = {"node": 10001, "broker": 10002, "database": 10003, "balancer": 10004}
WRITABLE = {
    "node": {"/opt/reference-node/runtime", "/run/scipio", "/srv/scipio/shared"},
    "broker": {"/var/lib/activemq"},
    "database": {"/var/lib/postgresql", "/run/postgresql"},
    "balancer": {"/run/balancer"},
}
SHARED = {"/tmp", "/var/tmp", "/run/lock", "/var/lock", "/dev", "/proc"}


@pytest.mark.parametrize("role", ROLES)
def test_it_runs_as_its_own_user_and_never_as_root(
    engine: docker.DockerClient, images: Images, role: str
) -> None:
    with container(engine, getattr(images, role), entrypoint=["sleep", "60"]) as trial:
        assert trial.ask("id", "-u") == (0, f"{ROLES[role]}\n")


@pytest.mark.parametrize("role", ROLES)
def test_no_program_in_it_gives_another_users_rights(
    engine: docker.DockerClient, images: Images, role: str
) -> None:
    with container(engine, getattr(images, role), entrypoint=["sleep", "60"]) as trial:
        _, found = trial.ask("find", "/", "-xdev", "-type", "f", "-perm", "/6000")
    assert [line for line in found.splitlines() if "Permission denied" not in line] == []


@pytest.mark.parametrize("role", ROLES)
def test_its_user_may_write_where_it_must_and_nowhere_else(
    engine: docker.DockerClient, images: Images, role: str
) -> None:
    with container(engine, getattr(images, role), entrypoint=["sleep", "60"]) as trial:
        _, found = trial.ask("sh", "-c", "find / -writable ! -type l 2>/dev/null")
    writable = {
        path
        for path in found.splitlines()
        if not any(path == shared or path.startswith(f"{shared}/") for shared in SHARED)
    }
    tops = {path for path in writable if path.rpartition("/")[0] not in writable}
    assert tops == WRITABLE[role]


@pytest.mark.parametrize("role", ROLES)
def test_nothing_of_the_build_is_left(
    engine: docker.DockerClient, images: Images, role: str
) -> None:
    with container(engine, getattr(images, role), entrypoint=["sleep", "60"]) as trial:
        _, left = trial.ask("sh", "-c", "ls -A /var/lib/apt/lists /var/cache/apt | grep -v :")
    assert left.split() == []


def test_node_and_broker_share_the_layer_with_the_jdk(
    engine: docker.DockerClient, images: Images
) -> None:
    """The longest build step is done and kept once."""
    layers = [
        engine.images.get(image).attrs["RootFS"]["Layers"] for image in (images.node, images.broker)
    ]
    assert layers[0][:2] == layers[1][:2]
