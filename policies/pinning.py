"""What runs is what was decided: versions and images by number and digest, names by the engine."""

import base64
import re
from typing import Any

from policies import aws_types
from policies.places import at, expect, is_true, one_of
from policies.rule import Fault, Inputs, Rule, only

_REPOSITORY_IMAGE = re.compile(
    r"[0-9]{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?/[A-Za-z0-9._/-]+[^\s\"',}]*"
)
_DIGEST = re.compile(r"@sha256:[0-9a-f]{64}$")


@only(aws_types.AUTO_SCALING_GROUP)
def _version(inputs: Inputs) -> list[Fault]:
    change = "It must be a number: a change of $Latest starts no refresh and cannot be taken back."
    return [
        fault
        for path in (
            "launchTemplate.version",
            "mixedInstancesPolicy.launchTemplate.launchTemplateSpecification.version",
        )
        if path.split(".", maxsplit=1)[0] in inputs
        for fault in expect(inputs, path, lambda version: str(version).isdigit(), change)
    ]


@only(aws_types.LAUNCH_TEMPLATE)
def _machine_image(inputs: Inputs) -> list[Fault]:
    change = "Set scipio:servers.ami to an id: an alias moves at an unattended launch."
    return expect(inputs, "imageId", lambda id_: str(id_).startswith("ami-"), change)


@only(aws_types.LAUNCH_TEMPLATE)
def _image(inputs: Inputs) -> list[Fault]:
    return [
        Fault(
            place=place,
            seen=f"naming {image}",
            change="Name the image by its digest (@sha256:…), in scipio:image.existing too.",
        )
        for place, data in at(inputs, "userData")
        for image in _REPOSITORY_IMAGE.findall(_plain(data))
        if not _DIGEST.search(image)
    ]


def _plain(data: Any) -> str:
    return base64.b64decode(str(data or "")).decode("utf-8", errors="replace")


@only(aws_types.REPOSITORY)
def _tags(inputs: Inputs) -> list[Fault]:
    return expect(
        inputs,
        "imageTagMutability",
        one_of("IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"),
        "It must be IMMUTABLE: a tag must mean tomorrow what it means today.",
    )


@only(aws_types.TARGET_GROUP)
def _target_group_name(inputs: Inputs) -> list[Fault]:
    """The engine's own names end in a hyphen and seven digits; after a check they are inputs."""
    return expect(
        inputs,
        "name",
        lambda name: name is None or re.search(r"-[0-9a-f]{7}$", str(name)) is not None,
        "Leave it out: one with a fixed name cannot be replaced while a listener uses it.",
    )


@only(aws_types.BROKER)
def _patches(inputs: Inputs) -> list[Fault]:
    change = "It must be true: Amazon MQ makes no broker of a version from 5.18 on without it."
    return expect(inputs, "autoMinorVersionUpgrade", is_true, change)


RULES = (
    Rule(
        name="template-version-is-a-number",
        promise="A group names the version of its launch template by number.",
        faults=_version,
    ),
    Rule(
        name="machine-image-is-an-id",
        promise="Servers start from a machine image that is named by its id.",
        faults=_machine_image,
    ),
    Rule(
        name="image-is-a-digest",
        promise="Servers run images that are named by their digest.",
        faults=_image,
    ),
    Rule(
        name="image-tags-never-move",
        promise="A tag of the stack's repository means the same image for ever.",
        faults=_tags,
    ),
    Rule(
        name="target-groups-have-no-fixed-name",
        promise="A target group can be replaced while visitors come.",
        faults=_target_group_name,
    ),
    Rule(
        name="broker-takes-patches",
        promise="The broker gets patches in its maintenance window.",
        faults=_patches,
    ),
)
