"""Images: how they are built, found and removed."""

from pathlib import Path

import pulumi
import pulumi_docker as docker
import pytest

from tests.engine.docker_stack import DockerStack

pytestmark = [pytest.mark.engine, pytest.mark.docker]

BASE = "debian:bookworm-slim"


def test_the_arguments_of_a_build_reach_it_and_a_removed_image_is_built_again(
    stack: DockerStack, tmp_path: Path
) -> None:
    """A Dockerfile beside the context, build arguments, a stage and a platform."""
    context = tmp_path / "context"
    context.mkdir()
    (context / "given").write_text("given")
    dockerfile = tmp_path / "Other.Dockerfile"
    dockerfile.write_text(
        f"FROM {BASE} AS wanted\nARG COLOUR\nCOPY given /given\nENV COLOUR=$COLOUR\n"
        "FROM wanted AS unwanted\nRUN false\n"
    )

    def program() -> None:
        image = docker.Image(
            "image",
            image_name=stack.name("image") + ":1",
            build=docker.DockerBuildArgs(
                context=str(context),
                dockerfile=str(dockerfile),
                args={"COLOUR": pulumi.Output.secret("a-secret-colour")},
                target="wanted",
                platform="linux/amd64",
            ),
            skip_push=True,
        )
        pulumi.export("digest", image.repo_digest)
        pulumi.export("base", image.base_image_name)

    made = stack.up(program)
    assert made.error == ""
    assert made.outputs["base"] == stack.name("image") + ":1"
    image = stack.docker.inspect_image(made.outputs["base"])  # type: ignore[no-untyped-call]  # stubs
    assert image["Id"] == made.outputs["digest"]
    assert "COLOUR=a-secret-colour" in image["Config"]["Env"]
    assert "a-secret-colour" not in stack.state_on_disk()
    assert stack.up(program).steps == {}

    stack.docker.remove_image(made.outputs["base"])
    again = stack.up(program, refresh=True)
    assert again.steps == {"image": ["create"]}
    assert stack.docker.images(name=stack.name("image"))

    assert stack.destroy().error == ""
    assert stack.docker.images(name=stack.name("image")), "an image stays after a destroy"


@pytest.mark.parametrize("keep", [True, False])
def test_a_local_image_needs_no_registry_and_goes_unless_it_is_to_stay(
    stack: DockerStack, keep: bool
) -> None:
    """`keep_locally` decides."""
    name = stack.name("tagged") + ":1"
    stack.docker.tag(BASE, stack.name("tagged"), "1")

    def program() -> None:
        image = docker.RemoteImage("image", name=name, keep_locally=keep)
        pulumi.export("id", image.image_id)

    made = stack.up(program)
    assert made.error == ""
    assert str(made.outputs["id"]).startswith("sha256:")
    assert stack.destroy().error == ""
    assert bool(stack.docker.images(name=name)) is keep
    if keep:
        stack.docker.remove_image(name)
