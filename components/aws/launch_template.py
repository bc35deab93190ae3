"""How a server of a group is launched."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_aws import ec2  # loaded at its first use: annotations that name it are texts

from components.aws.surroundings import AwsSurroundings
from settings.aws.catalogue import InstanceType

ROOT_DEVICE: Final = "/dev/xvda"
"""Of Amazon Linux 2023; another name would add a second, empty disk."""

METADATA_HOPS: Final = 1
"""A container is one hop more: what runs in it gets no credentials of the server's role."""

_TAGGED: Final = ("instance", "volume", "network-interface")
"""What a group launches, and the provider's default tags do not reach."""


@dataclass(frozen=True, kw_only=True)
class LaunchTemplateArgs:
    """`user_data` is plain text of at most 16 KiB and holds no secret: whoever may look at launch
    templates reads it.

    `volume_key_arn` encrypts the disk; None leaves it to Amazon's own key.
    """

    surroundings: AwsSurroundings
    image_id: pulumi.Input[str]
    instance_type: InstanceType
    instance_profile_arn: pulumi.Input[str]
    security_group_ids: Sequence[pulumi.Input[str]]
    user_data: pulumi.Input[str]
    volume_gib: int
    volume_key_arn: pulumi.Input[str] | None
    detailed_monitoring: bool


class LaunchTemplate(pulumi.ComponentResource):
    """A launch template whose every change is a new version, and whose version a group names.

    Its default is the version that a release has brought into service, and not the newest.

    Its servers have an encrypted disk, answer metadata to IMDSv2 only, have no key pair and end
    for good when they are shut down.
    """

    id: pulumi.Output[str]
    version: pulumi.Output[str]
    """The number of the newest version: a group that says `$Latest` rolls nothing out."""

    def __init__(
        self, name: str, args: LaunchTemplateArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:LaunchTemplate", name, None, opts)
        user_data = pulumi.Output.from_input(args.user_data)
        template = ec2.LaunchTemplate(
            name,
            description=user_data.apply(_described),
            image_id=args.image_id,
            instance_type=args.instance_type,
            iam_instance_profile=ec2.LaunchTemplateIamInstanceProfileArgs(
                arn=args.instance_profile_arn
            ),
            vpc_security_group_ids=list(args.security_group_ids),
            user_data=user_data.apply(_encoded),
            block_device_mappings=[_disk(args)],
            metadata_options=_metadata(),
            monitoring=ec2.LaunchTemplateMonitoringArgs(enabled=args.detailed_monitoring),
            instance_initiated_shutdown_behavior="terminate",
            tag_specifications=_tags({**args.surroundings.tags, "Name": name}),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.id = template.id
        self.version = template.latest_version.apply(str)
        self.register_outputs({"id": self.id, "version": self.version})


def _described(user_data: str) -> str:
    """A preview shows base64; by this a person sees at least whether the text is another one."""
    return f"User data sha256:{hashlib.sha256(user_data.encode()).hexdigest()}"


def _encoded(user_data: str) -> str:
    return base64.b64encode(user_data.encode()).decode()


def _disk(args: LaunchTemplateArgs) -> "ec2.LaunchTemplateBlockDeviceMappingArgs":
    return ec2.LaunchTemplateBlockDeviceMappingArgs(
        device_name=ROOT_DEVICE,
        ebs=ec2.LaunchTemplateBlockDeviceMappingEbsArgs(
            volume_type="gp3",
            volume_size=args.volume_gib,
            encrypted="true",
            kms_key_id=args.volume_key_arn,
            delete_on_termination="true",
        ),
    )


def _metadata() -> "ec2.LaunchTemplateMetadataOptionsArgs":
    return ec2.LaunchTemplateMetadataOptionsArgs(
        http_endpoint="enabled",
        http_tokens="required",
        http_put_response_hop_limit=METADATA_HOPS,
        # Nobody reads tags there, and a tag with a space in its name would stop every launch.
        instance_metadata_tags="disabled",
    )


def _tags(tags: Mapping[str, str]) -> "list[ec2.LaunchTemplateTagSpecificationArgs]":
    return [
        ec2.LaunchTemplateTagSpecificationArgs(resource_type=kind, tags=dict(tags))
        for kind in _TAGGED
    ]
