"""The four images, built from this checkout once for a test run."""

from dataclasses import dataclass
from pathlib import Path

import docker
import pytest
from docker.errors import BuildError

from automation import artifacts, base_image
from automation.docker_engine import client
from tests.image.container import PREFIX

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Images:
    """Ids of the built images."""

    node: str
    broker: str
    database: str
    balancer: str


@pytest.fixture(scope="session")
def engine() -> docker.DockerClient:
    """The Docker engine of this machine."""
    return client()


@pytest.fixture(scope="session")
def images(engine: docker.DockerClient) -> Images:
    """All four, each from its own context; fast when nothing of it has changed."""
    base_image.ensure(engine)
    artifacts.ensure_java()
    artifacts.ensure_python(engine)
    return Images(
        node=_built(engine, ROOT, "node"),
        broker=_built(engine, ROOT / "image" / "broker", "broker"),
        database=_built(engine, ROOT / "image" / "database", "database"),
        balancer=_built(engine, ROOT / "image" / "balancer", "balancer"),
    )


def _built(engine: docker.DockerClient, context: Path, role: str) -> str:
    dockerfile = ROOT / "image" / role / "Dockerfile"
    try:
        image, _ = engine.images.build(
            path=str(context), dockerfile=str(dockerfile), tag=f"{PREFIX}{role}", rm=True
        )
    except BuildError as error:
        log = "".join(line.get("stream", "") for line in error.build_log if isinstance(line, dict))
        pytest.fail(f"{dockerfile}: {error}\n{log[-3000:]}")
    assert image.id is not None
    return image.id
