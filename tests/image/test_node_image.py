"""The node's image: the agent at the front of a read-only tree."""

import docker
import pytest

from tests.image.conftest import Images
from tests.image.container import container

pytestmark = pytest.mark.docker


def test_the_agent_is_what_starts(engine: docker.DockerClient, images: Images) -> None:
    configuration = engine.images.get(images.node).attrs["Config"]
    assert configuration["Entrypoint"] == ["python3", "-m", "node", "run"]
    assert configuration["StopSignal"] == "SIGTERM"


def test_overlay_files_are_links_into_the_agents_memory_file_system(
    engine: docker.DockerClient, images: Images
) -> None:
    with container(engine, images.node, entrypoint=["sleep", "60"]) as trial:
        code, target = trial.ask("readlink", "/opt/reference-node/entityengine.xml")
    assert (code, target) == (0, "/run/scipio/overlay/entityengine.xml\n")


def test_the_agent_brings_its_bytecode_and_nothing_of_the_tests(
    engine: docker.DockerClient, images: Images
) -> None:
    """Nobody may write bytecode later, so what is missing is compiled again at every start."""
    uncompiled = (
        "for file in $(find /opt/agent/contract /opt/agent/templates /opt/agent/node -name '*.py');"
        'do test -e "$(dirname $file)/__pycache__/$(basename $file .py).cpython-311.pyc"'
        " || echo $file; done; find /opt/agent -path '*/tests'"
    )
    with container(engine, images.node, entrypoint=["sleep", "60"]) as trial:
        assert trial.ask("sh", "-c", uncompiled) == (0, "")


def test_only_the_agents_rooms_are_in_it(engine: docker.DockerClient, images: Images) -> None:
    with container(engine, images.node, entrypoint=["sleep", "60"]) as trial:
        _, rooms = trial.ask("ls", "/opt/agent")
    assert rooms.split() == ["contract", "node", "site-packages", "templates"]


def test_without_a_document_it_ends_with_one_message(
    engine: docker.DockerClient, images: Images
) -> None:
    with container(engine, images.node, environment={"SCIPIO_INSTANCE_ID": "scipio-1"}) as trial:
        code, log = trial.end()
    assert code != 0
    assert "/etc/scipio/cluster.json" in log
    assert "Traceback" not in log
