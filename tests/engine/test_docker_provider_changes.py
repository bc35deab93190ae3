"""What a change does to one container: nothing, in place, or a new one in its place."""

import re
from dataclasses import dataclass, replace
from typing import Any

import pulumi
import pulumi_docker as docker
import pytest

from tests.engine.docker_stack import DockerStack

pytestmark = [
    pytest.mark.engine,
    pytest.mark.docker,
    # The SDK leaves the coroutine of a program behind when the engine stops it.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

BASE = "debian:bookworm-slim"
SECRET = "a-secret-that-nobody-sees"


@dataclass(frozen=True)
class Lone:
    """One container of the base image; `arguments` go over the usual ones.

    A value that is a function is made while the program runs: outputs belong to one run.
    """

    stack: DockerStack
    arguments: dict[str, Any]
    options: pulumi.ResourceOptions | None = None

    def __call__(self) -> None:
        usual: dict[str, Any] = {
            "name": self.stack.name("lone"),
            "image": BASE,
            "command": ["sleep", "600"],
            "init": True,
        }
        lone = docker.Container("lone", **_made({**usual, **self.arguments}), opts=self.options)
        pulumi.export("id", lone.id)
        pulumi.export("name", lone.name)
        pulumi.export("ports", lone.ports)

    def with_(self, **arguments: Any) -> "Lone":
        """The same with other arguments."""
        return replace(self, arguments={**self.arguments, **arguments})


def _made(arguments: dict[str, Any]) -> dict[str, Any]:
    return {key: value() if callable(value) else value for key, value in arguments.items()}


@pytest.fixture
def lone(stack: DockerStack) -> Lone:
    """One container, not yet made."""
    return Lone(stack, {})


def _uploads(content: str) -> list[docker.ContainerUploadArgs]:
    hidden = pulumi.Output.secret(content)
    file = "/etc/given/deep.txt"
    return [docker.ContainerUploadArgs(file=file, content=hidden, permissions="0400")]


def _envs() -> list[pulumi.Output[str]]:
    return [pulumi.Output.secret(f"PASSWORD={SECRET}")]


def test_a_changed_upload_replaces_the_container_and_stays_secret(
    stack: DockerStack, lone: Lone
) -> None:
    """The old one goes first; neither content is in the state in clear."""
    made = stack.up(lone.with_(uploads=lambda: _uploads(SECRET), envs=_envs))
    assert made.error == ""
    changed = stack.up(lone.with_(uploads=lambda: _uploads(SECRET + "2"), envs=_envs))
    assert changed.steps["lone"] == ["delete-replaced", "replace", "create-replacement"]
    assert changed.outputs["id"] != made.outputs["id"]
    archive = b"".join(stack.docker.get_archive(stack.name("lone"), "/etc/given/deep.txt")[0])
    assert SECRET.encode() + b"2" in archive
    assert stack.name("lone") in stack.state_on_disk()
    assert SECRET not in stack.state_on_disk()
    assert changed.said(SECRET) == []


def test_limits_and_restart_policy_change_in_place(stack: DockerStack, lone: Lone) -> None:
    """The same container has the new limits."""
    made = stack.up(lone.with_(memory=64, memory_swap=64))
    changed = stack.up(lone.with_(memory=96, memory_swap=128, restart="always"))
    assert changed.steps == {"lone": ["update"]}
    assert changed.outputs["id"] == made.outputs["id"]
    host = stack.inspect(stack.name("lone"))["HostConfig"]
    assert host["Memory"] == 96 * 1024 * 1024
    assert host["MemorySwap"] == 128 * 1024 * 1024
    assert host["RestartPolicy"]["Name"] == "always"


def test_a_changed_health_check_is_said_not_to_reach_the_running_container(
    stack: DockerStack, lone: Lone
) -> None:
    """As with the real plugin it is an update; `replace_on_changes` makes it a new container."""
    check = docker.ContainerHealthcheckArgs(tests=["CMD", "true"], interval="5s")
    made = stack.up(lone.with_(healthcheck=check))
    other = docker.ContainerHealthcheckArgs(tests=["CMD", "test", "-d", "/"], interval="5s")
    changed = stack.up(lone.with_(healthcheck=other))
    assert changed.outputs["id"] == made.outputs["id"]
    assert [severity for severity, _, _ in changed.said("keeps the old value")] == ["warning"]
    forced = replace(
        lone.with_(healthcheck=check),
        options=pulumi.ResourceOptions(replace_on_changes=["healthcheck.tests"]),
    )
    replaced = stack.up(forced)
    assert replaced.error == ""
    assert replaced.outputs["id"] != made.outputs["id"]


def test_a_container_removed_behind_our_back_is_made_again(stack: DockerStack, lone: Lone) -> None:
    """With a refresh it is seen to be gone, and made anew."""
    made = stack.up(lone)
    stack.docker.remove_container(stack.name("lone"), force=True)
    again = stack.up(lone, refresh=True)
    assert again.error == ""
    assert again.steps == {"lone": ["create"]}
    assert again.outputs["id"] != made.outputs["id"]


def test_a_stopped_container_is_started_again(stack: DockerStack, lone: Lone) -> None:
    """With a refresh it is seen to stand still, and started in place."""
    made = stack.up(lone)
    stack.docker.kill(stack.name("lone"))
    again = stack.up(lone, refresh=True)
    assert again.steps == {"lone": ["update"]}
    assert again.outputs["id"] == made.outputs["id"]
    assert stack.inspect(stack.name("lone"))["State"]["Running"] is True
    assert stack.up(lone, refresh=True).steps == {}


def test_a_container_without_a_name_gets_one_that_stays(stack: DockerStack, lone: Lone) -> None:
    """`<logical name>-<7 hexadecimal digits>`, the same in every later run."""
    nameless = lone.with_(name=None)
    made = stack.up(nameless)
    try:
        assert re.fullmatch(r"lone-[0-9a-f]{7}", made.outputs["name"])
        assert stack.up(nameless).steps == {}
    finally:
        stack.destroy()


def test_a_port_without_a_number_outside_gets_a_free_one(stack: DockerStack, lone: Lone) -> None:
    """The number is an output, and no change at the next run."""
    port = docker.ContainerPortArgs(internal=80, ip="127.0.0.1")
    made = stack.up(lone.with_(ports=[port]))
    assert made.outputs["ports"][0]["external"] > 1024
    assert stack.up(lone.with_(ports=[port]), refresh=True).steps == {}


def test_a_container_of_somebody_else_can_be_imported(stack: DockerStack, lone: Lone) -> None:
    """An import takes it over as it is, without a change."""
    image = BASE
    body = {
        "Image": image,
        "Cmd": ["sleep", "600"],
        "Env": ["COLOUR=blue"],
        "HostConfig": {"Init": True, "Memory": 64 << 20, "MemorySwap": 64 << 20},
    }
    made = stack.create_container(body, stack.name("lone"))
    stack.docker.start(made["Id"])
    taken = replace(
        lone.with_(envs=["COLOUR=blue"], memory=64, memory_swap=64),
        options=pulumi.ResourceOptions(import_=made["Id"]),
    )
    run = stack.up(taken)
    assert run.error == ""
    assert run.steps == {"lone": ["import"]}
    assert stack.inspect(stack.name("lone"))["Id"] == made["Id"]
