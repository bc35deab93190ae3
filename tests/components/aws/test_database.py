"""The database: hardened, and never replaced by a setting."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pytest

from components.aws.database import (
    AdministratorSecretError,
    Database,
    DatabaseArgs,
    _secret_arn,
    database_identifier,
    final_snapshot_identifier,
)
from components.aws.restored import SourceVersionError
from settings.aws.rds_database import RdsDatabase
from tests.components.aws.sections import (
    KEY_ARN,
    SUBNETS,
    VPC_ID,
    api_faults,
    recorded,
    section,
    surroundings,
)
from tests.support.recorder import Inputs, NeverSetError, Recording


def database(
    *,
    protect: bool = True,
    key_arn: str | None = KEY_ARN,
    rotation_days: int | None = 90,
    cluster: str = "scipio-prod",
    **changes: Any,
) -> Recording:
    args = DatabaseArgs(
        surroundings=surroundings(protect=protect, cluster=cluster),
        settings=section(RdsDatabase, "database", **changes),
        vpc_id=VPC_ID,
        subnet_ids=list(SUBNETS.values()),
        key_arn=key_arn,
        rotation_days=rotation_days,
        log_retention_days=90,
        keep_logs=True,
    )
    return recorded(lambda: Database("database", args))


def instance(recording: Recording) -> Inputs:
    return recording.of_type("rds/instance:Instance")[0].inputs


def parameters(recording: Recording) -> Mapping[str, tuple[str, str]]:
    [group] = recording.of_type("ParameterGroup")
    return {
        each["name"]: (each["value"], each["applyMethod"]) for each in group.inputs["parameters"]
    }


def test_the_server_is_hardened() -> None:
    inputs = instance(database())

    assert inputs["storageEncrypted"] is True
    assert inputs["kmsKeyId"] == KEY_ARN
    assert inputs["publiclyAccessible"] is False
    assert inputs["deletionProtection"] is True
    assert inputs["deleteAutomatedBackups"] is False
    assert inputs["skipFinalSnapshot"] is False
    assert inputs["copyTagsToSnapshot"] is True
    assert inputs["caCertIdentifier"] == "rds-ca-rsa2048-g1"
    assert inputs["storageType"] == "gp3"
    assert inputs["engineLifecycleSupport"] == "open-source-rds-extended-support-disabled"
    assert inputs["enabledCloudwatchLogsExports"] == ["postgresql", "upgrade"]


def test_no_password_passes_through_the_program() -> None:
    """RDS makes the administrator's password, and nobody here ever sees it."""
    inputs = instance(database())

    assert inputs["manageMasterUserPassword"] is True
    assert inputs["masterUserSecretKmsKeyId"] == KEY_ARN
    assert not {"password", "passwordWo", "dbName"} & inputs.keys()


def test_every_setting_reaches_the_server() -> None:
    recording = database(
        engine_version="17",
        instance_class="db.r7g.xlarge",
        multi_az=False,
        storage_gib=33,
        max_storage_gib=99,
        backup_retention_days=9,
        backup_window="05:00-06:00",
        maintenance_window="tue:02:30-tue:03:30",
        apply_immediately=True,
        final_snapshot=False,
        performance_insights=True,
        enhanced_monitoring_s=15,
    )
    inputs = instance(recording)

    assert inputs["engineVersion"] == "17"
    assert inputs["instanceClass"] == "db.r7g.xlarge"
    assert inputs["multiAz"] is False
    assert inputs["allocatedStorage"] == 33
    assert inputs["maxAllocatedStorage"] == 99
    assert inputs["backupRetentionPeriod"] == 9
    assert inputs["backupWindow"] == "05:00-06:00"
    assert inputs["maintenanceWindow"] == "tue:02:30-tue:03:30"
    assert inputs["applyImmediately"] is True
    assert inputs["skipFinalSnapshot"] is True
    assert inputs["performanceInsightsEnabled"] is True
    assert inputs["performanceInsightsKmsKeyId"] == KEY_ARN
    assert inputs["performanceInsightsRetentionPeriod"] == 7
    assert inputs["monitoringInterval"] == 15
    assert recording.of_type("ParameterGroup")[0].inputs["family"] == "postgres17"


def test_the_parameters_are_tls_logs_and_times() -> None:
    given = parameters(database(slow_query_ms=250, idle_transaction_timeout_s=120))

    assert given["rds.force_ssl"] == ("1", "immediate")
    assert given["log_min_duration_statement"] == ("250", "immediate")
    assert given["idle_in_transaction_session_timeout"] == ("120000", "immediate")
    assert [given[f"tcp_keepalives_{name}"][0] for name in ("idle", "interval", "count")] == [
        "10",
        "5",
        "3",
    ]
    assert given["log_connections"] == ("1", "immediate")
    assert "max_connections" not in given


def test_a_limit_of_connections_is_applied_at_a_restart() -> None:
    """PostgreSQL reads it when it starts; RDS refuses to apply it at once."""
    assert parameters(database(max_connections=400))["max_connections"] == ("400", "pending-reboot")


def test_a_disk_that_may_not_grow_has_growth_switched_off() -> None:
    assert instance(database(storage_gib=50, max_storage_gib=50))["maxAllocatedStorage"] == 0


def test_without_a_key_of_the_stacks_own_it_is_encrypted_all_the_same() -> None:
    inputs = instance(database(key_arn=None))

    assert inputs["storageEncrypted"] is True
    assert not {"kmsKeyId", "masterUserSecretKmsKeyId", "performanceInsightsKmsKeyId"} & set(inputs)


def test_without_performance_insights_nothing_of_it_is_said() -> None:
    inputs = instance(database(performance_insights=False))

    assert inputs["performanceInsightsEnabled"] is False
    assert "performanceInsightsRetentionPeriod" not in inputs
    assert "performanceInsightsKmsKeyId" not in inputs


def test_enhanced_monitoring_has_a_role_that_rds_alone_takes_on() -> None:
    recording = database()
    [role] = recording.of_type("iam/role:Role")
    [statement] = json.loads(role.inputs["assumeRolePolicy"])["Statement"]

    assert statement["Principal"] == {"Service": "monitoring.rds.amazonaws.com"}
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}
    assert instance(recording)["monitoringRoleArn"] == role.outputs["arn"]
    attachment = recording.of_type("RolePolicyAttachment")[0]
    assert attachment.inputs["policyArn"].endswith(
        ":policy/service-role/AmazonRDSEnhancedMonitoringRole"
    )
    assert attachment.urn in recording.of_type("rds/instance:Instance")[0].depends_on


def test_without_enhanced_monitoring_there_is_no_role() -> None:
    recording = database(enhanced_monitoring_s=0)

    assert instance(recording)["monitoringInterval"] == 0
    with pytest.raises(LookupError):
        recording.of_type("iam/role:Role")


def test_a_snapshot_is_what_the_server_begins_as() -> None:
    recording = database(restore={"kind": "snapshot", "snapshot": "before-the-flood"})
    inputs = instance(recording)

    assert inputs["snapshotIdentifier"] == "before-the-flood"
    assert "restoreToPointInTime" not in inputs
    # The provider sends all other settings by itself.
    [rest] = recording.of_type("RestoredSettings")
    assert rest.inputs["modification"] == {"CACertificateIdentifier": "rds-ca-rsa2048-g1"}


SNAPSHOT = {"kind": "snapshot", "snapshot": "before"}
MOMENT = {"kind": "point-in-time", "source": "scipio-old"}


@pytest.mark.parametrize("restore", [SNAPSHOT, MOMENT])
@pytest.mark.parametrize(
    ("gib", "most", "disk", "limit"),
    [(50, 200, 300, 330), (100, 500, 300, 500), (400, 900, 400, 900), (50, 50, 300, 0)],
)
def test_a_restored_disk_is_no_smaller_than_its_source(
    restore: Mapping[str, Any], gib: int, most: int, disk: int, limit: int
) -> None:
    """The source has 300 GiB."""
    inputs = instance(database(restore=restore, storage_gib=gib, max_storage_gib=most))

    assert (inputs["allocatedStorage"], inputs["maxAllocatedStorage"]) == (disk, limit)


@pytest.mark.parametrize("restore", [SNAPSHOT, MOMENT])
def test_a_restored_server_has_its_sources_version_and_later_follows_neither(
    restore: Mapping[str, Any],
) -> None:
    [registration] = database(restore=restore).of_type("rds/instance:Instance")

    assert "engineVersion" not in registration.inputs
    assert registration.ignore_changes >= {"allocatedStorage", "maxAllocatedStorage"}


@pytest.mark.parametrize("restore", [SNAPSHOT, MOMENT])
def test_a_source_of_another_major_version_is_refused_with_what_to_do(
    restore: Mapping[str, Any],
) -> None:
    with pytest.raises(SourceVersionError, match=r'PostgreSQL 16\.13.*engineVersion to "16"'):
        database(restore=restore, engine_version="17")


def test_what_a_restore_to_a_moment_leaves_out_is_asked_for_in_the_same_update() -> None:
    recording = database(restore=MOMENT, backup_retention_days=9, performance_insights=True)
    [rest] = recording.of_type("RestoredSettings")

    assert rest.inputs["modification"] == {
        "AllocatedStorage": 300,
        "BackupRetentionPeriod": 9,
        "PreferredBackupWindow": "01:00-02:00",
        "PreferredMaintenanceWindow": "sun:02:30-sun:03:30",
        "CACertificateIdentifier": "rds-ca-rsa2048-g1",
        "EnablePerformanceInsights": True,
        "PerformanceInsightsRetentionPeriod": 7,
        "PerformanceInsightsKMSKeyId": KEY_ARN,
    }


def test_a_major_version_is_changed_only_where_it_is_asked_for_by_name() -> None:
    [usual] = database().of_type("rds/instance:Instance")
    upgraded = database(upgrade_to="17")
    [asked] = upgraded.of_type("rds/instance:Instance")
    groups = {each.inputs["family"]: each for each in upgraded.of_type("ParameterGroup")}

    assert usual.inputs["allowMajorVersionUpgrade"] is False
    assert "engineVersion" in usual.ignore_changes
    assert asked.inputs["allowMajorVersionUpgrade"] is True
    assert asked.inputs["engineVersion"] == "17"
    assert "engineVersion" not in asked.ignore_changes
    # The old version's is in use until the upgrade is done.
    assert set(groups) == {"postgres16", "postgres17"}
    assert asked.inputs["parameterGroupName"] == groups["postgres17"].outputs["name"]


def test_another_database_at_a_moment_is_what_the_server_begins_as() -> None:
    """The provider wants seconds, which a person leaves out."""
    restore = {"kind": "point-in-time", "source": "scipio-old", "at": "2026-03-01T10:00Z"}

    assert instance(database(restore=restore))["restoreToPointInTime"] == {
        "sourceDbInstanceIdentifier": "scipio-old",
        "restoreTime": "2026-03-01T10:00:00Z",
    }


def test_without_a_moment_it_is_the_latest_there_is() -> None:
    restore = {"kind": "point-in-time", "source": "scipio-old"}

    assert instance(database(restore=restore))["restoreToPointInTime"] == {
        "sourceDbInstanceIdentifier": "scipio-old",
        "useLatestRestorableTime": True,
    }


def test_what_it_began_as_is_never_a_reason_to_replace_it() -> None:
    """Each of these inputs replaces the server when it differs, and with it all data."""
    [registration] = database().of_type("rds/instance:Instance")

    assert registration.ignore_changes >= {
        "snapshotIdentifier",
        "restoreToPointInTime",
        "username",
        "kmsKeyId",
        "storageEncrypted",
    }


@pytest.mark.parametrize("protect", [True, False])
def test_one_switch_protects_by_both_means(protect: bool) -> None:
    [registration] = database(protect=protect).of_type("rds/instance:Instance")

    assert registration.protect is protect
    assert registration.inputs["deletionProtection"] is protect


@pytest.mark.parametrize("protect", [True, False])
@pytest.mark.parametrize("stays", [True, False])
def test_what_stays_of_it_does_not_hang_on_the_switch_that_permits_its_end(
    protect: bool, stays: bool
) -> None:
    inputs = instance(database(protect=protect, final_snapshot=stays))

    assert inputs["deleteAutomatedBackups"] is not stays
    assert inputs["skipFinalSnapshot"] is not stays


def test_the_logs_are_kept_for_a_time_and_are_there_before_the_server() -> None:
    recording = database()
    identifier = instance(recording)["identifier"]
    logs = recording.of_type("LogGroup")

    assert {each.inputs["name"] for each in logs} == {
        f"/aws/rds/instance/{identifier}/postgresql",
        f"/aws/rds/instance/{identifier}/upgrade",
    }
    assert {each.inputs["retentionInDays"] for each in logs} == {90}
    assert {each.inputs["kmsKeyId"] for each in logs} == {KEY_ARN}
    assert {each.urn for each in logs} <= recording.of_type("rds/instance:Instance")[0].depends_on


@pytest.mark.parametrize(
    ("days", "expected"),
    [(90, {"rotationRules": {"automaticallyAfterDays": 90}}), (None, {"rotationEnabled": False})],
)
def test_the_administrators_password_changes_as_often_as_asked_and_not_every_week(
    days: int | None, expected: Mapping[str, object]
) -> None:
    recording = database(rotation_days=days)
    inputs = recording.of_type("SecretRotation")[0].inputs

    assert dict(inputs) == {
        "secretId": instance_secret(recording),
        "rotateImmediately": False,
        **expected,
    }


def instance_secret(recording: Recording) -> str:
    outputs = recording.of_type("rds/instance:Instance")[0].outputs
    return str(outputs["masterUserSecrets"][0]["secretArn"])


def test_it_is_in_the_isolated_subnets_behind_a_group_without_rules() -> None:
    """Who may come in is said elsewhere, one rule a resource."""
    recording = database()
    [group] = recording.of_type("SecurityGroup")

    assert recording.of_type("SubnetGroup")[0].inputs["subnetIds"] == list(SUBNETS.values())
    assert instance(recording)["vpcSecurityGroupIds"] == [group.id]
    assert group.inputs["vpcId"] == VPC_ID
    assert not {"ingress", "egress", "name"} & group.inputs.keys()


@pytest.mark.parametrize("cluster", ["scipio-prod", "a", "a--b-", "x" * 30])
def test_names_are_such_as_rds_accepts(cluster: str) -> None:
    """No hyphen at an end, no two in a row, a letter first, 63 characters (CreateDBInstance)."""
    for name in (
        database_identifier(cluster, "0123abcd"),
        final_snapshot_identifier(database_identifier(cluster, "0123abcd")),
    ):
        assert "--" not in name
        assert name[0].isalpha()
        assert name[-1] != "-"
        assert len(name) <= 63


def test_two_stacks_of_one_name_get_two_databases() -> None:
    """A name drawn for each stack: nothing collides in one account, not even last snapshots."""
    first, second = instance(database()), instance(database())

    assert first["identifier"] != second["identifier"]
    assert first["finalSnapshotIdentifier"] == f"{first['identifier']}-final"
    assert first["finalSnapshotIdentifier"] != second["finalSnapshotIdentifier"]


def test_a_server_without_its_secret_is_an_error_that_says_what_to_do() -> None:
    secrets: Sequence[Any] = []
    with pytest.raises(AdministratorSecretError, match="pulumi refresh"):
        _secret_arn(secrets)


def test_aws_accepts_all_of_it() -> None:
    for recording in (
        database(max_connections=100),
        database(
            key_arn=None,
            rotation_days=None,
            restore={"kind": "snapshot", "snapshot": "before"},
        ),
    ):
        assert api_faults(recording) == []


def test_its_outputs_name_what_others_need() -> None:
    made: list[Database] = []
    seen: dict[str, object] = {}

    def make() -> Database:
        args = DatabaseArgs(
            surroundings=surroundings(),
            settings=section(RdsDatabase, "database"),
            vpc_id=VPC_ID,
            subnet_ids=list(SUBNETS.values()),
            key_arn=None,
            rotation_days=None,
            log_retention_days=7,
            keep_logs=False,
        )
        made.append(Database("database", args))
        pulumi.Output.all(
            host=made[0].host,
            arn=made[0].arn,
            identifier=made[0].identifier,
            secret=made[0].admin_secret_arn,
            group=made[0].security_group_id,
        ).apply(seen.update)
        return made[0]

    recording = recorded(make)
    inputs = instance(recording)

    assert seen["host"] == f"{inputs['identifier']}.c0ffee.eu-central-1.rds.amazonaws.com"
    assert seen["identifier"] == inputs["identifier"]
    assert str(seen["arn"]).startswith("arn:aws:rds:")
    assert str(seen["secret"]).startswith("arn:aws:secretsmanager:")
    assert seen["group"] == recording.of_type("SecurityGroup")[0].id
    with pytest.raises(NeverSetError):
        inputs["password"]
