"""Backups: both or neither, by the clock, and copied where the stack says so."""

import json
from typing import Any

import pulumi_aws as aws
import pytest

from components.aws.backup import BackupCopy, ClusterBackup, ClusterBackupArgs
from settings.aws.backup import Backup
from tests.components.aws.sections import (
    KEY_ARN,
    api_faults,
    recorded,
    section,
    surroundings,
)
from tests.support.recorder import Recording

DATABASE = "arn:aws:rds:eu-central-1:123456789012:db:scipio-prod-0a1b2c3d"
FILES = "arn:aws:elasticfilesystem:eu-central-1:123456789012:file-system/fs-0123456789abcdef0"


def backups(
    *,
    protect: bool = True,
    key_arn: str | None = KEY_ARN,
    copied: bool = False,
    **changes: Any,
) -> Recording:
    def make() -> ClusterBackup:
        copy = BackupCopy(provider=aws.Provider("copy", region="eu-west-1"), key_arn=None)
        args = ClusterBackupArgs(
            surroundings=surroundings(protect=protect),
            settings=section(Backup, "backup", **changes),
            database_arn=DATABASE,
            files_arn=FILES,
            key_arn=key_arn,
            copy=copy if copied else None,
        )
        return ClusterBackup("backup", args)

    return recorded(make)


def test_database_and_files_are_taken_by_one_rule() -> None:
    [selection] = backups().of_type("Selection")

    assert selection.inputs["resources"] == [DATABASE, FILES]


def test_the_rule_is_the_settings() -> None:
    recording = backups(schedule="cron(15 3 ? * SUN *)", retention_days=12)
    [rule] = recording.of_type("backup/plan:Plan")[0].inputs["rules"]

    assert rule["schedule"] == "cron(15 3 ? * SUN *)"
    assert rule["lifecycle"] == {"deleteAfter": 12}
    assert rule["targetVaultName"] == recording.of_type("backup/vault:Vault")[0].outputs["name"]
    assert rule["enableContinuousBackup"] is False
    assert rule["copyActions"] == []


def test_a_copy_goes_to_a_vault_of_the_other_region() -> None:
    recording = backups(copied=True, copy_retention_days=99)
    [rule] = recording.of_type("backup/plan:Plan")[0].inputs["rules"]
    vault = recording.named("backup/vault:Vault", "scipio-prod-backup-copy")

    assert rule["copyActions"] == [
        {"destinationVaultArn": vault.outputs["arn"], "lifecycle": {"deleteAfter": 99}}
    ]
    assert "providers:aws::copy" in vault.provider
    assert "kmsKeyArn" not in vault.inputs
    own = recording.named("backup/vault:Vault", "scipio-prod-backup")
    assert "::copy" not in own.provider
    assert own.inputs["kmsKeyArn"] == KEY_ARN


@pytest.mark.parametrize("protect", [True, False])
@pytest.mark.parametrize("goes", [True, False])
def test_a_vault_goes_with_the_stack_only_where_its_own_setting_says_so(
    protect: bool, goes: bool
) -> None:
    recording = backups(protect=protect, copied=True, delete_with_stack=goes)
    for vault in recording.of_type("backup/vault:Vault"):
        assert vault.protect is protect
        assert vault.inputs["forceDestroy"] is goes
        assert vault.retain_on_delete is not goes


def test_its_role_takes_backups_for_this_account_and_does_nothing_else() -> None:
    recording = backups()
    [role] = recording.of_type("iam/role:Role")
    [attachment] = recording.of_type("RolePolicyAttachment")
    [trust] = json.loads(role.inputs["assumeRolePolicy"])["Statement"]

    assert trust["Principal"] == {"Service": "backup.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}
    assert attachment.inputs["policyArn"] == (
        "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"
    )
    assert attachment.urn in recording.of_type("Selection")[0].depends_on


@pytest.mark.parametrize("copied", [True, False])
def test_aws_accepts_all_of_it(copied: bool) -> None:
    assert api_faults(backups(copied=copied)) == []
