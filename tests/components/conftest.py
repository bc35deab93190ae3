"""One recorded run of each stack, which most tests only read."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import yaml

from components.program import Overrides, program
from tests.components.aws.stacks import STACKS, StackName, record_aws
from tests.support.recorder import Recording, record

_STACK_FILE = Path(__file__).resolve().parents[2] / "stacks" / "Pulumi.local.yaml"

LOCAL: Mapping[str, object] = yaml.safe_load(_STACK_FILE.read_text())["config"]
"""The stack's own file, as the engine reads it."""


def record_stack(overrides: Overrides | None = None, *, preview: bool = False) -> Recording:
    """The program's registrations for the stack `local` with some settings changed."""
    return record(lambda: program(overrides), stack="local", config=LOCAL, preview=preview)


@pytest.fixture(autouse=True, scope="session")
def no_docker_context() -> Iterator[None]:
    """Whatever engine the person at this machine works with: the program is only recorded."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DOCKER_HOST", "unix:///var/run/docker.sock")
        patched.delenv("DOCKER_CONTEXT", raising=False)
        yield


@pytest.fixture(scope="session")
def local() -> Recording:
    """The stack `local` as its file has it: two nodes, the reference node's image."""
    return record_stack()


@pytest.fixture(scope="session")
def erp() -> Recording:
    """The stack `local` with an image of the ERP, three nodes, search and a public name."""
    return record_stack(
        {
            "app": {"image": "registry.test/erp:3"},
            "nodes": {"count": 3, "heapMib": 1024, "memoryMib": 2048},
            "balancer": {"host": "shop.test", "httpsPort": 443},
            "search": {"enabled": True},
        }
    )


@pytest.fixture(scope="session")
def on_aws() -> Mapping[StackName, Recording]:
    """The stacks on AWS as their files have them."""
    return {stack: record_aws(stack) for stack in STACKS}


@pytest.fixture(scope="session")
def dev(on_aws: Mapping[StackName, Recording]) -> Recording:
    """The small cluster for development."""
    return on_aws["dev"]


@pytest.fixture(scope="session")
def prod(on_aws: Mapping[StackName, Recording]) -> Recording:
    """Production."""
    return on_aws["prod"]
