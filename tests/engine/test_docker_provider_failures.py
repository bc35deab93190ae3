"""What a person reads when something fails, and that the next run mends it."""

import os
import signal
import socket
from pathlib import Path
from typing import Any

import pulumi
import pulumi_docker as docker
import pytest
from pulumi.automation import EngineEvent

from tests.engine.docker_stack import DockerStack, Program

pytestmark = [
    pytest.mark.engine,
    pytest.mark.docker,
    # The SDK leaves the coroutine of a program behind when the engine stops it.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

BASE = "debian:bookworm-slim"


def _container(stack: DockerStack, **arguments: Any) -> Program:
    def program() -> None:
        usual = {"name": stack.name("lone"), "image": BASE, "command": ["sleep", "600"]}
        # Outputs belong to one run, so they are made inside the program.
        given = {key: value() if callable(value) else value for key, value in arguments.items()}
        docker.Container("lone", **{**usual, "init": True, **given})

    return program


def _image(stack: DockerStack, folder: Path, **arguments: Any) -> Program:
    def program() -> None:
        docker.Image(
            "image",
            image_name=stack.name("image") + ":1",
            build=docker.DockerBuildArgs(context=str(folder)),
            **{"skip_push": True, **arguments},
        )

    return program


def test_all_unsupported_arguments_are_named_at_once(stack: DockerStack) -> None:
    """Before anything is made, with the argument, the type and what to do."""
    run = stack.up(_container(stack, gpus="all", privileged=True))
    for argument in ("gpus", "privileged"):
        sentence = f"argument '{argument}' of docker:index/container:Container is not supported"
        assert sentence in run.error
    assert "run where the plugin can be had" in run.error
    assert stack.leftovers() == []


def test_a_wrong_value_is_shown_with_its_rule_unless_it_is_secret(stack: DockerStack) -> None:
    """The rule helps; a secret in the message would not be one any more."""
    plain = stack.up(_container(stack, restart="sometimes"))
    assert "got 'sometimes'; must be no, on-failure, always or unless-stopped" in plain.error
    hidden = stack.up(_container(stack, restart=lambda: pulumi.Output.secret("hidden-word")))
    assert "the secret value must be no, on-failure" in hidden.error
    assert "hidden-word" not in hidden.error


def test_an_unsupported_type_is_named(stack: DockerStack) -> None:
    """With the types that are served."""

    def program() -> None:
        docker.Tag("tag", source_image=BASE, target_image=stack.name("tag"))

    run = stack.up(program)
    assert "type docker:index/tag:Tag is not served by the Docker provider" in run.error
    assert "docker:index/volume:Volume" in run.error


def test_an_unsupported_function_is_named(stack: DockerStack) -> None:
    """Functions are none of this provider's."""

    def program() -> None:
        docker.get_network(name="bridge")

    run = stack.up(program)
    assert "function docker:index/getNetwork:getNetwork is not served" in run.error


def test_a_failed_build_ends_with_its_last_lines(stack: DockerStack, tmp_path: Path) -> None:
    """The step, what it printed, and what to do."""
    folder = tmp_path / "context"
    folder.mkdir()
    (folder / "Dockerfile").write_text(f"FROM {BASE}\nRUN echo about to break; exit 3\n")
    run = stack.up(_image(stack, folder))
    assert f"cannot build image {stack.name('image')}:1 from {folder}/Dockerfile" in run.error
    assert "returned a non-zero code: 3" in run.error
    assert "about to break" in run.error
    assert "Mend the step that failed" in run.error

    (folder / "Dockerfile").write_text(f"FROM {BASE}\nRUN echo whole\n")
    assert stack.up(_image(stack, folder)).error == ""


def test_an_image_that_would_be_pushed_is_refused(stack: DockerStack, tmp_path: Path) -> None:
    """This provider pushes nowhere, and says so before it builds."""
    (tmp_path / "Dockerfile").write_text(f"FROM {BASE}\n")
    run = stack.up(_image(stack, tmp_path, skip_push=False))
    assert "argument 'skipPush' of docker:index/image:Image must be true" in run.error


def test_a_missing_image_says_how_to_get_it(stack: DockerStack) -> None:
    """Where no registry answers."""
    run = stack.up(_container(stack, image="127.0.0.1:9/no/such:1"))
    assert "image 127.0.0.1:9/no/such:1 is not on this machine and cannot be pulled" in run.error
    assert "docker load" in run.error


def test_a_container_that_is_not_healthy_is_kept_with_its_evidence_and_waited_for_again(
    stack: DockerStack,
) -> None:
    """Its log is in the error; once it is healthy the next run goes on with the same one."""
    program = _container(
        stack,
        command=["sh", "-c", "echo last words; exec sleep 600"],
        healthcheck=docker.ContainerHealthcheckArgs(
            tests=["CMD", "test", "-f", "/ready"], interval="300ms", retries=2
        ),
        wait=True,
        wait_timeout=2,
    )
    failed = stack.up(program)
    assert "not healthy, after 2 s ('waitTimeout')" in failed.error
    assert "last words" in failed.error
    first = stack.inspect(stack.name("lone"))["Id"]

    still = stack.up(program, refresh=True)
    assert "not healthy" in still.error

    stack.docker.exec_start(stack.docker.exec_create(first, ["touch", "/ready"])["Id"])
    mended = stack.up(program, refresh=True)
    assert mended.error == ""
    assert stack.inspect(stack.name("lone"))["Id"] == first
    assert stack.up(program).steps == {}


def test_a_container_that_could_not_start_is_replaced_by_the_next_run(
    stack: DockerStack,
) -> None:
    """A taken port is said with what to do; once it is free a new container comes up."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ports = [docker.ContainerPortArgs(internal=80, external=port, ip="127.0.0.1")]
        failed = stack.up(_container(stack, ports=ports))
        assert "cannot start container" in failed.error
        assert "Stop what uses this port" in failed.error
        first = stack.inspect(stack.name("lone"))["Id"]
    mended = stack.up(_container(stack, ports=ports), refresh=True)
    assert mended.error == ""
    lone = stack.inspect(stack.name("lone"))
    assert lone["Id"] != first
    assert lone["State"]["Running"] is True


def test_docker_that_does_not_answer_is_said_with_its_address(stack: DockerStack) -> None:
    """And with how to start it."""
    stack.set_config("docker:host", "tcp://127.0.0.1:9")
    run = stack.up(_container(stack))
    assert "Docker does not answer at tcp://127.0.0.1:9" in run.error
    assert "systemctl start docker" in run.error


def test_an_unsupported_configuration_is_named(stack: DockerStack) -> None:
    """The provider's own arguments are checked like those of a resource."""
    stack.set_config("docker:certPath", "/somewhere")
    run = stack.up(_container(stack))
    assert "argument 'certPath' of the provider docker is not supported" in run.error


def test_a_run_that_is_interrupted_can_simply_be_run_again(stack: DockerStack) -> None:
    """Waiting ends at once; what was made is in the state and taken up again."""
    check = docker.ContainerHealthcheckArgs(tests=["CMD", "test", "-f", "/r"], interval="300ms")
    program = _container(stack, healthcheck=check, wait=True, wait_timeout=250)
    interrupted: list[int] = []

    def interrupt(event: EngineEvent) -> None:
        said = event.diagnostic_event
        if said is not None and "waiting for health" in said.message and not interrupted:
            interrupted.append(stack.engine_process())
            os.kill(interrupted[0], signal.SIGINT)

    stopped = stack.up(program, on_event=interrupt)
    assert interrupted
    assert "stopped while waiting for health" in stopped.error
    first = stack.inspect(stack.name("lone"))["Id"]

    stack.docker.exec_start(stack.docker.exec_create(first, ["touch", "/r"])["Id"])
    again = stack.up(program, refresh=True)
    assert again.error == ""
    assert stack.inspect(stack.name("lone"))["Id"] == first


def test_a_network_that_others_use_stays_and_says_why(stack: DockerStack) -> None:
    """With how to see who; once they are gone, it goes."""

    def program() -> None:
        docker.Network("network", name=stack.name("net"))

    assert stack.up(program).error == ""
    body = {"Image": BASE, "Cmd": ["sleep", "600"], "HostConfig": {"Init": True}}
    guest = stack.create_container(body, stack.name("guest"))
    stack.docker.connect_container_to_network(guest["Id"], stack.name("net"))
    stack.docker.start(guest["Id"])
    refused = stack.destroy()
    assert f"cannot remove network {stack.name('net')}" in refused.error
    assert "Something outside this stack is still connected to it" in refused.error
    stack.docker.remove_container(guest["Id"], force=True)
    assert stack.destroy().error == ""
