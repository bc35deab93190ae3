"""The shared files of all nodes: uploads and images, in EFS."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_aws import ec2, efs

from components.aws.policy_document import policy_document
from components.aws.surroundings import NODE_UID, AwsSurroundings
from settings.aws.files import Files

PORT: Final = 2049

_FOLDER: Final = "/scipio"
"""Within the file system; nodes see it at the path of the settings."""


@dataclass(frozen=True, kw_only=True)
class SharedFilesArgs:
    """`subnet_ids` are isolated ones, by zone: one a zone, as EFS allows no more.

    `key_arn` is the stack's own key; None leaves encryption to Amazon's.
    """

    surroundings: AwsSurroundings
    settings: Files
    vpc_id: pulumi.Input[str]
    subnet_ids: Mapping[str, pulumi.Input[str]]
    key_arn: pulumi.Input[str] | None


class SharedFiles(pulumi.ComponentResource):
    """An encrypted file system with a door in every zone, mounted with TLS only.

    Nodes see one folder of it, in which all belongs to the user of their image. The ERP's rows
    name its files: losing it loses every upload and image. One that is there already is used as it
    is, with doors and a policy of this stack.
    """

    file_system_id: pulumi.Output[str]
    file_system_arn: pulumi.Output[str]
    access_point_id: pulumi.Output[str]
    access_point_arn: pulumi.Output[str]
    security_group_id: pulumi.Output[str]
    mount_targets: "list[efs.MountTarget]"
    """Servers must wait for all of them: a zone without its door cannot mount."""

    def __init__(
        self, name: str, args: SharedFilesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:SharedFiles", name, None, opts)
        self._args = args
        self._named = args.surroundings.named
        self._children = pulumi.ResourceOptions(parent=self)
        existing = args.settings.existing
        if existing is None:
            made = self._file_system()
            self.file_system_id, self.file_system_arn = made.id, made.arn
        else:
            arn = args.surroundings.arn("elasticfilesystem", f"file-system/{existing.file_system}")
            self.file_system_id = pulumi.Output.from_input(existing.file_system)
            self.file_system_arn = pulumi.Output.from_input(arn)
        self._backup_policy()
        access_point = self._access_point()
        self._policy(access_point)
        group = ec2.SecurityGroup(
            self._named("files"),
            description="Shared files of the cluster",
            vpc_id=args.vpc_id,
            opts=self._children,
        )
        self.mount_targets = [
            self._mount_target(zone, subnet_id, group)
            for zone, subnet_id in args.subnet_ids.items()
        ]
        self.access_point_id = access_point.id
        self.access_point_arn = access_point.arn
        self.security_group_id = group.id
        self.register_outputs(
            {"fileSystemId": self.file_system_id, "accessPointId": self.access_point_id}
        )

    def _file_system(self) -> "efs.FileSystem":
        args = self._args
        return efs.FileSystem(
            self._named("files"),
            encrypted=True,
            kms_key_id=args.key_arn,
            performance_mode="generalPurpose",
            throughput_mode=args.settings.throughput,
            lifecycle_policies=_lifecycle(args.settings),
            # A file system has no name but this tag.
            tags={"Name": self._named("files")},
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=args.surroundings.protect,
                # The key is that of its first day: another one would replace the files by none.
                ignore_changes=["encrypted", "kmsKeyId"],
            ),
        )

    def _backup_policy(self) -> None:
        efs.BackupPolicy(
            self._named("files"),
            file_system_id=self.file_system_id,
            backup_policy=efs.BackupPolicyBackupPolicyArgs(
                status="ENABLED" if self._args.settings.daily_backup else "DISABLED"
            ),
            opts=self._children,
        )

    def _access_point(self) -> "efs.AccessPoint":
        """All who come through it are the image's user, and see the one folder.

        In a file system that is there already the folder is not made: a wrong one is refused when
        a server mounts it, where an empty one would look like lost files.
        """
        existing = self._args.settings.existing
        return efs.AccessPoint(
            self._named("files"),
            file_system_id=self.file_system_id,
            posix_user=efs.AccessPointPosixUserArgs(uid=NODE_UID, gid=NODE_UID),
            root_directory=efs.AccessPointRootDirectoryArgs(
                path=_FOLDER if existing is None else existing.folder,
                creation_info=efs.AccessPointRootDirectoryCreationInfoArgs(
                    owner_uid=NODE_UID, owner_gid=NODE_UID, permissions="0750"
                )
                if existing is None
                else None,
            ),
            tags={"Name": self._named("files")},
            opts=self._children,
        )

    def _policy(self, access_point: "efs.AccessPoint") -> None:
        """Refusals alone: what a role may do, its own policy says."""
        efs.FileSystemPolicy(
            self._named("files"),
            file_system_id=self.file_system_id,
            policy=policy_document(
                {
                    "Sid": "TlsOnly",
                    "Effect": "Deny",
                    "Principal": {"AWS": "*"},
                    "Action": "*",
                    "Resource": self.file_system_arn,
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                },
                {
                    "Sid": "ThroughTheAccessPointOnly",
                    "Effect": "Deny",
                    "Principal": {"AWS": "*"},
                    "Action": (
                        "elasticfilesystem:ClientMount",
                        "elasticfilesystem:ClientWrite",
                        "elasticfilesystem:ClientRootAccess",
                    ),
                    "Resource": self.file_system_arn,
                    "Condition": {
                        "StringNotEquals": {"elasticfilesystem:AccessPointArn": access_point.arn}
                    },
                },
            ),
            opts=self._children,
        )

    def _mount_target(
        self,
        zone: str,
        subnet_id: pulumi.Input[str],
        group: "ec2.SecurityGroup",
    ) -> "efs.MountTarget":
        return efs.MountTarget(
            # By zone and not by place, so that a zone more or less touches no other.
            self._named(f"files-{zone}"),
            file_system_id=self.file_system_id,
            subnet_id=subnet_id,
            security_groups=[group.id],
            # A zone has one at most, so the old one goes first.
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )


def _lifecycle(settings: Files) -> "list[efs.FileSystemLifecyclePolicyArgs]":
    """Unread files move to cheaper storage, and back when one is read; one transition an entry."""
    days = settings.infrequent_access_after_days
    if days is None:
        return []
    return [
        efs.FileSystemLifecyclePolicyArgs(
            transition_to_ia=f"AFTER_{days}_{'DAY' if days == 1 else 'DAYS'}"
        ),
        efs.FileSystemLifecyclePolicyArgs(transition_to_primary_storage_class="AFTER_1_ACCESS"),
    ]
