"""The image of the nodes, the machine image below it, and who may talk to the servers."""

import json
from pathlib import Path
from typing import Any

import pulumi
import pytest

from components.aws.ami import ami_id
from components.aws.ecr_reference import repository_arn
from components.aws.image import NodeImage, NodeImageArgs
from components.aws.image_tag import content_tag
from components.aws.server_security_group import ServerSecurityGroup, ServerSecurityGroupArgs
from settings.aws.image import Image, ImageBuild
from settings.aws.servers import Servers
from tests.components.aws.sections import VPC_ID, api_faults, recorded, section, surroundings
from tests.components.aws.servers import IMAGE, MACHINE_IMAGE, unset
from tests.support.recorder import Recording, RegisteredOutputs


def image(*, protect: bool = True, architecture: Any = "x86_64", **changes: Any) -> Recording:
    args = NodeImageArgs(
        surroundings=surroundings(protect=protect),
        image=section(Image, "image", **changes),
        architecture=architecture,
    )
    return recorded(lambda: NodeImage("scipio-prod-node", args))


def test_tags_never_move_and_images_are_looked_through() -> None:
    """What was released once can be released again."""
    [repository] = image().of_type("ecr/repository:Repository")

    assert repository.inputs["imageTagMutability"] == "IMMUTABLE"
    assert repository.inputs["imageScanningConfiguration"] == {"scanOnPush": True}
    assert repository.protect
    assert repository.inputs["forceDelete"] is False
    [unprotected] = image(protect=False, scan_on_push=False).of_type("ecr/repository:Repository")
    assert unprotected.inputs["forceDelete"] is True
    assert not unprotected.protect
    assert unprotected.inputs["imageScanningConfiguration"] == {"scanOnPush": False}


def test_no_image_with_a_tag_ever_expires() -> None:
    """Servers may be started from any of them: the program and a pipeline push with a tag."""
    recording = image(untagged_days=7)
    [policy] = recording.of_type("ecr/lifecyclePolicy:LifecyclePolicy")
    [repository] = recording.of_type("ecr/repository:Repository")
    [rule] = json.loads(policy.inputs["policy"])["rules"]

    assert rule["selection"] == {
        "tagStatus": "untagged",
        "countType": "sinceImagePushed",
        "countUnit": "days",
        "countNumber": 7,
    }
    assert rule["action"] == {"type": "expire"}
    # A tag that moved would leave the image that is in use without one.
    assert repository.inputs["imageTagMutability"] == "IMMUTABLE"


def test_the_reference_node_is_built_for_the_servers_and_pushed_with_a_secret_token() -> None:
    """Its reference names the digest."""
    recording = image(architecture="arm64")
    [built] = recording.of_type("docker:index/image:Image")
    [repository] = recording.of_type("ecr/repository:Repository")
    [component] = recording.of_type("scipio:aws:NodeImage")
    url = repository.outputs["repositoryUrl"]

    assert built.inputs["imageName"].startswith(f"{url}:")
    assert built.inputs["build"]["platform"] == "linux/arm64"
    assert built.inputs["build"]["dockerfile"].endswith("image/node/Dockerfile")
    assert built.inputs["registry"]["server"] == url
    assert built.inputs["registry"]["username"] == "AWS"
    assert built.is_secret("registry", "password")
    reference = recording.registered_outputs[component.urn].values["reference"]
    assert reference.startswith(f"{url}@sha256:")


def test_the_erps_own_build_is_used_when_the_stack_has_one() -> None:
    """Context, file and stage."""
    build = ImageBuild(context="image/node", dockerfile="image/node/Dockerfile", target="agent")
    [built] = image(build=build).of_type("docker:index/image:Image")

    assert built.inputs["build"]["context"].endswith("/image/node")
    assert built.inputs["build"]["target"] == "agent"
    assert built.inputs["build"]["platform"] == "linux/amd64"


def test_an_existing_image_makes_no_repository() -> None:
    """It is used as the stack calls it."""
    recording = image(existing=IMAGE)
    [component] = recording.of_type("scipio:aws:NodeImage")

    assert recording.registered_outputs[component.urn].values["reference"] == IMAGE
    assert not [each for each in recording if each.type.startswith(("aws:", "docker:"))]


@pytest.mark.parametrize(
    ("reference", "arn"),
    [
        (IMAGE, "arn:aws:ecr:eu-central-1:123456789012:repository/scipio"),
        (
            "210987654321.dkr.ecr.us-east-1.amazonaws.com/team/erp:1.2",
            "arn:aws:ecr:us-east-1:210987654321:repository/team/erp",
        ),
        ("registry.example.com/erp@sha256:0", None),
        ("erp:3", None),
    ],
)
def test_an_image_in_ecr_names_the_repository_that_servers_pull_from(
    reference: str, arn: str | None
) -> None:
    """Also one of another account or region."""
    assert repository_arn(reference, "aws") == arn


@pytest.fixture
def context(tmp_path: Path) -> Path:
    """A small context with a Dockerfile."""
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "file").write_text("one")
    (tmp_path / "other").write_text("two")
    return tmp_path


def tag(context: Path, target: str | None = None) -> str:
    return content_tag(context, context / "Dockerfile", target)


def test_the_tag_follows_the_content(context: Path) -> None:
    """Time and place of the files do not matter."""
    first = tag(context)

    assert len(first) == 16
    assert tag(context) == first
    (context / "kept" / "file").write_text("changed")
    second = tag(context)
    (context / "kept" / "file").chmod(0o755)
    third = tag(context)
    (context / "kept" / "link").symlink_to("file")
    fourth = tag(context)
    (context / "Dockerfile").write_text("FROM scratch\nUSER 1\n")
    assert len({first, second, third, fourth, tag(context), tag(context, "stage")}) == 6


def test_what_the_context_leaves_out_makes_no_new_tag(context: Path) -> None:
    """A `.dockerignore` that begins with everything names what is let in."""
    (context / ".dockerignore").write_text("# comment\n*\n!kept\n!not-there\n**/tests\n")
    first = tag(context)

    (context / "other").write_text("changed")
    (context / "kept" / "__pycache__").mkdir()
    (context / "kept" / "__pycache__" / "a.pyc").write_text("x")
    assert tag(context) == first
    (context / "kept" / "file").write_text("changed")
    assert tag(context) != first


def machine_image(ami: str | None) -> RegisteredOutputs:
    class Probe(pulumi.ComponentResource):
        def __init__(self) -> None:
            super().__init__("scipio:aws:Probe", "probe")
            servers = section(Servers, "servers", ami=ami)
            self.register_outputs({"ami": ami_id(servers, self)})

    recording = recorded(Probe)
    return recording.registered_outputs[recording.of_type("scipio:aws:Probe")[0].urn]


def test_a_pinned_machine_image_is_used_and_nobody_is_asked() -> None:
    """An update of the system is a decision."""
    assert machine_image(MACHINE_IMAGE).values["ami"] == MACHINE_IMAGE


def test_without_one_the_newest_is_asked_for_and_is_no_secret() -> None:
    """As a secret it would hide the launch template's differences."""
    outputs = machine_image(None)

    assert outputs.values["ami"] == "ami-0fedcba9876543210"
    assert outputs.secret == frozenset()


def test_nobody_reaches_a_server_until_the_platform_says_so() -> None:
    """Outside everything is reached: mail, payments and partners are the business's."""
    recording = recorded(
        lambda: ServerSecurityGroup(
            "scipio-prod-app", ServerSecurityGroupArgs(vpc_id=VPC_ID, part="app")
        )
    )
    [group] = recording.of_type("ec2/securityGroup:SecurityGroup")
    [out_of] = recording.of_type("SecurityGroupEgressRule")

    assert group.inputs["description"] == "Servers of the app nodes"
    assert unset(group.inputs, "ingress")
    assert unset(group.inputs, "name")
    assert not [each for each in recording if each.type.endswith("IngressRule")]
    assert out_of.inputs["cidrIpv4"] == "0.0.0.0/0"


def test_aws_accepts_every_argument() -> None:
    """By its own description of the API."""
    assert api_faults(image()) == []
