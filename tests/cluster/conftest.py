"""The running cluster of the stack that the environment's STACK names; `local` without one."""

import os
from collections.abc import Callable

import docker
import pytest

from automation.docker_engine import client
from automation.errors import AutomationError
from automation.local_stack import Engine, LocalStack
from components.program import Overrides
from contract.stack_outputs import StackOutputs

STACK = os.environ.get("STACK", "local")

OpenStack = Callable[[Overrides], LocalStack]
"""The stack under test, with settings of one run."""


@pytest.fixture(scope="session")
def docker_engine() -> docker.DockerClient:
    """The engine that the cluster runs on."""
    return client()


@pytest.fixture(scope="session")
def open_stack() -> OpenStack:
    """Opens the stack; the Pulumi engine is looked for once."""
    engine = Engine.ensure()
    return lambda overrides: LocalStack.open(STACK, engine, overrides)


@pytest.fixture(scope="module")
def outputs(open_stack: OpenStack) -> StackOutputs:
    """What the cluster says of itself. There is nothing to test without one.

    Asked anew for each module: a test of images leaves other containers behind.
    """
    try:
        return open_stack({}).outputs()
    except AutomationError as error:
        pytest.fail(str(error))
