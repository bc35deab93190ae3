"""PostgreSQL, run by RDS."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_aws import cloudwatch, ec2, iam, rds, secretsmanager

from components.aws import restored
from components.aws.policy_document import assumed_by
from components.aws.restored import Size
from components.aws.surroundings import AwsSurroundings
from components.generated.kept_choice import KeptChoice
from components.generated.name_suffix import NameSuffix
from contract.tcp_limits import KEEPALIVE_IDLE_S, KEEPALIVE_INTERVAL_S, KEEPALIVE_PROBES
from settings.aws.rds_database import PointInTimeRestore, RdsDatabase, SnapshotRestore
from settings.moments import instant

PORT: Final = 5432
ADMIN_USER: Final = "postgres"
ADMIN_PASSWORD_KEY: Final = "password"  # noqa: S105 - a key of the JSON that RDS writes, no value
"""RDS writes `username` and `password` into the secret that it makes (rds-secrets-manager)."""

_AUTHORITY: Final = "rds-ca-rsa2048-g1"
"""The authority that signs the server's certificate; the image trusts its root, valid to 2061."""
_EXPORTED_LOGS: Final = ("postgresql", "upgrade")
_PERFORMANCE_INSIGHTS_DAYS: Final = 7
"""The retention that has no price."""
_TEMPORARY_FILE_LOGGED_KIB: Final = 10_240
_UPGRADE: Final = (
    "another major version is an outage and has no way back but a backup, so it is asked for by "
    "name: leave database.engineVersion, and set database.upgradeTo."
)
_ONCE: Final = (
    # What the database began as; a later difference would replace it by an empty or an older one.
    "snapshotIdentifier",
    "restoreToPointInTime",
    "username",
    # Minor versions come by themselves; a major one is asked for by `upgradeTo`.
    "engineVersion",
    # A restored database keeps the key of what it was restored from.
    "kmsKeyId",
    "storageEncrypted",
    "masterUserSecretKmsKeyId",
    "performanceInsightsKmsKeyId",
)


_AS_RESTORED: Final = ("allocatedStorage", "maxAllocatedStorage")
"""The source may grow, and its copy need not follow it."""


class AdministratorSecretError(Exception):
    """RDS names no secret in which the administrator's password is."""

    def __init__(self) -> None:
        super().__init__(
            "the database's administrator: got no secret of RDS's; there must be one, which the "
            "nodes read when they start. Wait until RDS shows it under the instance's "
            "configuration, then run `pulumi refresh`."
        )


@dataclass(frozen=True, kw_only=True)
class DatabaseArgs:
    """`subnet_ids` are isolated ones, in two zones at least.

    `key_arn` is the stack's own key; None leaves encryption to Amazon's keys. `rotation_days` is
    how often RDS changes the administrator's password; None: never. `keep_logs` is whether the
    logs outlive the stack, each line for `log_retention_days`.
    """

    surroundings: AwsSurroundings
    settings: RdsDatabase
    vpc_id: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    key_arn: pulumi.Input[str] | None
    rotation_days: int | None
    log_retention_days: int
    keep_logs: bool


class Database(pulumi.ComponentResource):
    """An encrypted PostgreSQL server that answers with TLS only, and inside the VPC only.

    It is the cluster's memory: deleting it loses all that was written since the last backup. What
    it begins as (empty, a snapshot, another database at a moment) counts when it is made and
    never again, and so do its key, its administrator's name and its version. No database is
    made in it: the first node makes the ERP's role and database.
    """

    host: pulumi.Output[str]
    arn: pulumi.Output[str]
    identifier: pulumi.Output[str]
    """The instance's name: what a restore, an alarm and a person call it."""
    security_group_id: pulumi.Output[str]
    admin_secret_arn: pulumi.Output[str]
    """RDS's own secret; a JSON object whose key `password` is the administrator's."""

    def __init__(
        self, name: str, args: DatabaseArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:Database", name, None, opts)
        self._args = args
        self._named = args.surroundings.named
        self._children = pulumi.ResourceOptions(parent=self)
        suffix = NameSuffix(
            self._named("database-suffix"),
            opts=pulumi.ResourceOptions(parent=self, protect=args.surroundings.protect),
        )
        self._identifier = suffix.value.apply(
            lambda drawn: database_identifier(args.surroundings.cluster, drawn)
        )
        self._group = ec2.SecurityGroup(
            self._named("database"),
            description="PostgreSQL of the cluster",
            vpc_id=args.vpc_id,
            opts=self._children,
        )
        self._keep_version()
        size = self._size()
        instance = self._instance(size, after=self._log_groups())
        self.host = self._complete(instance, size)
        self.arn = instance.arn
        self.identifier = self._identifier
        self.security_group_id = self._group.id
        self.admin_secret_arn = instance.master_user_secrets.apply(_secret_arn)
        self._rotation()
        self.register_outputs({"host": self.host, "identifier": self.identifier})

    def _log_groups(self) -> "list[cloudwatch.LogGroup]":
        """Made before the server is: RDS would make them, and keep what is in them for ever."""
        return [
            cloudwatch.LogGroup(
                self._named(f"database-{log}-log"),
                name=pulumi.Output.concat("/aws/rds/instance/", self._identifier, "/", log),
                retention_in_days=self._args.log_retention_days,
                kms_key_id=self._args.key_arn,
                opts=pulumi.ResourceOptions(parent=self, retain_on_delete=self._args.keep_logs),
            )
            for log in _EXPORTED_LOGS
        ]

    def _keep_version(self) -> None:
        settings = self._args.settings
        KeptChoice(
            self._named("database-version"),
            key="database.engineVersion",
            value=settings.engine_version,
            next_value=settings.upgrade_to,
            reason=_UPGRADE,
            opts=self._children,
        )

    def _size(self) -> Size | pulumi.Output[Size]:
        """Of a new database what the stack says; of a restored one no less than its source has."""
        settings = self._args.settings
        wanted = Size(gib=settings.storage_gib, most_gib=settings.max_storage_gib)
        if settings.restore is None:
            return wanted
        source = restored.source_of(settings.restore, pulumi.InvokeOutputOptions(parent=self))
        return source.apply(
            lambda seen: restored.size(wanted, restored.of_version(seen, settings.engine_version))
        )

    def _complete(
        self, instance: "rds.Instance", size: Size | pulumi.Output[Size]
    ) -> pulumi.Output[str]:
        """The address, known once the server has all settings that a new one has.

        The provider sends fewer of them with a restore, most of all with one to a point in time.
        """
        args, settings = self._args, self._args.settings
        if settings.restore is None:
            return instance.address
        rest = restored.RestoredSettings(
            self._named("database-settings"),
            region=args.surroundings.region,
            identifier=instance.identifier,
            modification=restored.rest_of_settings(
                settings,
                authority=_AUTHORITY,
                gib=pulumi.Output.from_input(size).apply(lambda seen: seen.gib),
                key_arn=args.key_arn,
                insights_days=_PERFORMANCE_INSIGHTS_DAYS,
            ),
            opts=pulumi.ResourceOptions(
                parent=self, custom_timeouts=pulumi.CustomTimeouts(create="2h")
            ),
        )
        return pulumi.Output.all(instance.address, rest.id).apply(lambda made: str(made[0]))

    def _instance(
        self, size: Size | pulumi.Output[Size], after: Sequence[pulumi.Resource]
    ) -> "rds.Instance":
        args, settings = self._args, self._args.settings
        restore = settings.restore
        has = pulumi.Output.from_input(size)
        return rds.Instance(
            self._named("database"),
            identifier=self._identifier,
            engine="postgres",
            # A restored one has the version of its source: to name another is to ask for a change.
            engine_version=(settings.upgrade_to or settings.engine_version)
            if restore is None
            else None,
            auto_minor_version_upgrade=True,
            allow_major_version_upgrade=settings.upgrade_to is not None,
            engine_lifecycle_support="open-source-rds-extended-support-disabled",
            instance_class=settings.instance_class,
            multi_az=settings.multi_az,
            allocated_storage=has.apply(lambda seen: seen.gib),
            max_allocated_storage=has.apply(restored.growth_limit_gib),
            storage_type="gp3",
            storage_encrypted=True,
            kms_key_id=args.key_arn,
            port=PORT,
            username=ADMIN_USER,
            manage_master_user_password=True,
            master_user_secret_kms_key_id=args.key_arn,
            db_subnet_group_name=self._subnet_group().name,
            vpc_security_group_ids=[self._group.id],
            publicly_accessible=False,
            ca_cert_identifier=_AUTHORITY,
            parameter_group_name=self._parameter_group_name(),
            backup_retention_period=settings.backup_retention_days,
            backup_window=settings.backup_window,
            maintenance_window=settings.maintenance_window,
            copy_tags_to_snapshot=True,
            delete_automated_backups=not settings.final_snapshot,
            deletion_protection=args.surroundings.protect,
            skip_final_snapshot=not settings.final_snapshot,
            final_snapshot_identifier=self._identifier.apply(final_snapshot_identifier),
            enabled_cloudwatch_logs_exports=list(_EXPORTED_LOGS),
            performance_insights_enabled=settings.performance_insights,
            performance_insights_kms_key_id=args.key_arn if settings.performance_insights else None,
            performance_insights_retention_period=(
                _PERFORMANCE_INSIGHTS_DAYS if settings.performance_insights else None
            ),
            monitoring_interval=settings.enhanced_monitoring_s,
            monitoring_role_arn=self._monitoring_role_arn(),
            apply_immediately=settings.apply_immediately,
            snapshot_identifier=restore.snapshot if isinstance(restore, SnapshotRestore) else None,
            restore_to_point_in_time=_moment(restore),
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=args.surroundings.protect,
                ignore_changes=self._kept(),
                depends_on=list(after),
                # A restore takes as long as its data is large; the provider's own is 40 minutes.
                custom_timeouts=pulumi.CustomTimeouts(create="3h", update="2h", delete="2h"),
            ),
        )

    def _subnet_group(self) -> "rds.SubnetGroup":
        return rds.SubnetGroup(
            self._named("database"),
            description="Isolated subnets of the cluster",
            subnet_ids=list(self._args.subnet_ids),
            opts=self._children,
        )

    def _kept(self) -> list[str]:
        """Inputs of which a later difference changes nothing."""
        settings = self._args.settings
        kept = [*_ONCE, *(_AS_RESTORED if settings.restore is not None else ())]
        return [each for each in kept if each != "engineVersion" or settings.upgrade_to is None]

    def _parameter_group_name(self) -> pulumi.Output[str]:
        """Of the version that the server has or is about to have.

        The old version's group stays as long as an upgrade is asked for: RDS deletes none that a
        server uses, and it uses the old one until the upgrade is done.
        """
        settings = self._args.settings
        now = self._parameter_group(settings.engine_version, aliases=[self._named("database")])
        if settings.upgrade_to is None:
            return now.name
        return self._parameter_group(settings.upgrade_to, aliases=[]).name

    def _parameter_group(self, version: str, aliases: Sequence[str]) -> "rds.ParameterGroup":
        """`aliases` are names of the group in stacks that were made before it had its version's."""
        return rds.ParameterGroup(
            self._named(f"database-{version}"),
            name_prefix=f"{database_identifier(self._args.surroundings.cluster, 'parameters')}-",
            family=f"postgres{version}",
            description="PostgreSQL of the cluster",
            parameters=_parameters(self._args.settings),
            opts=pulumi.ResourceOptions(
                parent=self, aliases=[pulumi.Alias(name=each) for each in aliases]
            ),
        )

    def _monitoring_role_arn(self) -> pulumi.Output[str] | None:
        """The role by which RDS writes the operating system's figures; None without them."""
        surroundings = self._args.surroundings
        if self._args.settings.enhanced_monitoring_s == 0:
            return None
        role = iam.Role(
            self._named("database-monitoring"),
            description="RDS writes figures of the operating system",
            assume_role_policy=assumed_by(
                "monitoring.rds.amazonaws.com",
                {"StringEquals": {"aws:SourceAccount": surroundings.account_id}},
            ),
            opts=self._children,
        )
        attachment = iam.RolePolicyAttachment(
            self._named("database-monitoring"),
            role=role.name,
            policy_arn=surroundings.managed_policy_arn(
                "service-role/AmazonRDSEnhancedMonitoringRole"
            ),
            opts=self._children,
        )
        # Through the attachment, so that RDS finds the role able to write.
        return pulumi.Output.all(role.arn, attachment.id).apply(lambda made: str(made[0]))

    def _rotation(self) -> None:
        """RDS changes the password every 7 days unless it is told otherwise."""
        days = self._args.rotation_days
        secretsmanager.SecretRotation(
            self._named("database-admin-password"),
            secret_id=self.admin_secret_arn,
            rotate_immediately=False,
            rotation_enabled=None if days else False,
            rotation_rules=(
                secretsmanager.SecretRotationRotationRulesArgs(automatically_after_days=days)
                if days
                else None
            ),
            opts=self._children,
        )


def database_identifier(cluster: str, ending: str) -> str:
    """A name that RDS accepts: no hyphen at an end and no two in a row (CreateDBInstance)."""
    return f"{re.sub('-+', '-', cluster).strip('-')}-{ending}"


def final_snapshot_identifier(identifier: str) -> str:
    """The name of the snapshot that stays; the instance's own ending makes it one of its kind."""
    return f"{identifier}-final"


def _secret_arn(secrets: "Sequence[rds.outputs.InstanceMasterUserSecret]") -> str:
    """RDS keeps one at most."""
    for secret in secrets:
        if secret.secret_arn:
            return secret.secret_arn
    raise AdministratorSecretError


def _moment(
    restore: SnapshotRestore | PointInTimeRestore | None,
) -> "rds.InstanceRestoreToPointInTimeArgs | None":
    if not isinstance(restore, PointInTimeRestore):
        return None
    return rds.InstanceRestoreToPointInTimeArgs(
        source_db_instance_identifier=restore.source,
        restore_time=None if restore.at is None else f"{instant(restore.at):%Y-%m-%dT%H:%M:%SZ}",
        use_latest_restorable_time=True if restore.at is None else None,
    )


def _parameters(settings: RdsDatabase) -> "list[rds.ParameterGroupParameterArgs]":
    """What differs from RDS's own defaults, or must not depend on them."""
    at_once = {
        "rds.force_ssl": 1,
        "log_min_duration_statement": settings.slow_query_ms,
        "idle_in_transaction_session_timeout": settings.idle_transaction_timeout_s * 1000,
        # A node that vanished without a word keeps its row locks no longer than half a minute.
        "tcp_keepalives_idle": KEEPALIVE_IDLE_S,
        "tcp_keepalives_interval": KEEPALIVE_INTERVAL_S,
        "tcp_keepalives_count": KEEPALIVE_PROBES,
        "log_connections": 1,
        "log_disconnections": 1,
        "log_lock_waits": 1,
        "log_temp_files": _TEMPORARY_FILE_LOGGED_KIB,
    }
    # PostgreSQL reads it when it starts; any other way to apply it is refused by RDS.
    at_restart = (
        {} if settings.max_connections is None else {"max_connections": settings.max_connections}
    )
    return [
        *_applied(at_once, "immediate"),
        *_applied(at_restart, "pending-reboot"),
    ]


def _applied(values: dict[str, int], apply_method: str) -> "list[rds.ParameterGroupParameterArgs]":
    return [
        rds.ParameterGroupParameterArgs(name=name, value=str(value), apply_method=apply_method)
        for name, value in values.items()
    ]
