"""The shared files: encrypted, by TLS and through one door a zone."""

import json
from typing import Any

import pytest

from components.aws.files import SharedFiles, SharedFilesArgs
from settings.aws.files import Files
from tests.components.aws.sections import (
    KEY_ARN,
    SUBNETS,
    VPC_ID,
    api_faults,
    recorded,
    section,
    surroundings,
)
from tests.support.recorder import Recording


def files(*, key_arn: str | None = KEY_ARN, protect: bool = True, **changes: Any) -> Recording:
    args = SharedFilesArgs(
        surroundings=surroundings(protect=protect),
        settings=section(Files, "files", **changes),
        vpc_id=VPC_ID,
        subnet_ids=SUBNETS,
        key_arn=key_arn,
    )
    return recorded(lambda: SharedFiles("files", args))


@pytest.mark.parametrize("key_arn", [KEY_ARN, None])
def test_the_file_system_is_encrypted_with_whatever_key(key_arn: str | None) -> None:
    [made] = files(key_arn=key_arn).of_type("FileSystem")

    assert made.inputs["encrypted"] is True
    assert ("kmsKeyId" in made.inputs) is (key_arn is not None)


@pytest.mark.parametrize("protect", [True, False])
def test_it_is_protected_by_the_stacks_switch_and_never_replaced_for_a_key(protect: bool) -> None:
    [made] = files(protect=protect).of_type("FileSystem")

    assert made.protect is protect
    assert made.ignore_changes == {"encrypted", "kmsKeyId"}


@pytest.mark.parametrize("throughput", ["elastic", "bursting"])
def test_its_throughput_is_the_settings(throughput: str) -> None:
    [made] = files(throughput=throughput).of_type("FileSystem")

    assert made.inputs["throughputMode"] == throughput
    assert made.inputs["performanceMode"] == "generalPurpose"


@pytest.mark.parametrize(
    ("days", "policies"),
    [
        (
            30,
            [
                {"transitionToIa": "AFTER_30_DAYS"},
                {"transitionToPrimaryStorageClass": "AFTER_1_ACCESS"},
            ],
        ),
        (
            1,
            [
                {"transitionToIa": "AFTER_1_DAY"},
                {"transitionToPrimaryStorageClass": "AFTER_1_ACCESS"},
            ],
        ),
        (None, []),
    ],
)
def test_unread_files_move_to_cheaper_storage_and_back(
    days: int | None, policies: list[dict[str, str]]
) -> None:
    recording = files(infrequent_access_after_days=days)

    assert recording.of_type("FileSystem")[0].inputs["lifecyclePolicies"] == policies
    assert api_faults(recording) == []


@pytest.mark.parametrize(("daily", "status"), [(True, "ENABLED"), (False, "DISABLED")])
def test_its_own_daily_backup_is_the_settings(daily: bool, status: str) -> None:
    recording = files(daily_backup=daily)

    assert recording.of_type("BackupPolicy")[0].inputs["backupPolicy"] == {"status": status}


def test_whoever_mounts_is_the_images_user_in_one_folder() -> None:
    [point] = files().of_type("AccessPoint")

    assert point.inputs["posixUser"] == {"uid": 10001, "gid": 10001}
    assert point.inputs["rootDirectory"] == {
        "path": "/scipio",
        "creationInfo": {"ownerUid": 10001, "ownerGid": 10001, "permissions": "0750"},
    }


def test_without_tls_or_beside_the_access_point_nobody_comes_in() -> None:
    recording = files()
    [policy] = recording.of_type("FileSystemPolicy")
    tls, door = json.loads(policy.inputs["policy"])["Statement"]

    assert (tls["Effect"], tls["Action"]) == ("Deny", "*")
    assert tls["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert door["Effect"] == "Deny"
    assert "elasticfilesystem:ClientRootAccess" in door["Action"]
    assert door["Condition"]["StringNotEquals"] == {
        "elasticfilesystem:AccessPointArn": recording.of_type("AccessPoint")[0].outputs["arn"]
    }


def test_each_zone_has_a_door_that_a_new_one_cannot_stand_beside() -> None:
    """EFS allows one a zone; named by zone, so that another zone touches none of them."""
    recording = files()
    doors = recording.of_type("MountTarget")
    [group] = recording.of_type("SecurityGroup")

    assert {each.name: each.inputs["subnetId"] for each in doors} == {
        f"scipio-prod-files-{zone}": subnet for zone, subnet in SUBNETS.items()
    }
    assert all(each.delete_before_replace for each in doors)
    assert all(each.inputs["securityGroups"] == [group.id] for each in doors)


EXISTING = {"fileSystem": "fs-0123456789abcdef0", "folder": "/aws-backup-restore_2026/scipio"}


def test_a_file_system_that_is_there_gets_doors_and_a_policy_and_keeps_the_rest() -> None:
    recording = files(existing=EXISTING)
    [point] = recording.of_type("AccessPoint")
    [policy] = recording.of_type("FileSystemPolicy")
    arn = "arn:aws:elasticfilesystem:eu-central-1:123456789012:file-system/fs-0123456789abcdef0"

    assert not [each for each in recording if each.type.endswith("fileSystem:FileSystem")]
    assert {each.inputs["fileSystemId"] for each in recording.of_type("MountTarget")} == {
        "fs-0123456789abcdef0"
    }
    assert {each["Resource"] for each in json.loads(policy.inputs["policy"])["Statement"]} == {arn}
    # A folder that is made where it is missing would look like lost files.
    assert point.inputs["rootDirectory"] == {"path": "/aws-backup-restore_2026/scipio"}
    assert api_faults(recording) == []


def test_aws_accepts_all_of_it() -> None:
    assert api_faults(files()) == []
