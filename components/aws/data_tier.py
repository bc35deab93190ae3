"""Everything that holds data: database, broker and shared files, and their backup."""

from dataclasses import dataclass

import pulumi

from components.aws.backup import BackupCopy, ClusterBackup, ClusterBackupArgs
from components.aws.broker import Broker, BrokerArgs
from components.aws.database import Database, DatabaseArgs
from components.aws.events import BackupSource
from components.aws.files import SharedFiles, SharedFilesArgs
from components.aws.network import Network
from components.aws.restore_testing import RestoreTest, RestoreTestArgs
from components.aws.second_region import SecondRegion
from components.aws.secrets import ClusterSecrets
from components.aws.surroundings import AwsSurroundings
from settings.aws.backup import is_daily
from settings.aws.settings import AwsSettings


@dataclass(frozen=True, kw_only=True)
class DataTierArgs:
    """`key_arn` is the stack's own key; None leaves encryption to Amazon's. `second_region` gets
    copies of the backups; None: there is none.
    """

    surroundings: AwsSurroundings
    settings: AwsSettings
    network: Network
    secrets: ClusterSecrets
    key_arn: pulumi.Output[str] | None
    second_region: SecondRegion | None


class DataTier(pulumi.ComponentResource):
    """What a cluster would not get back by being made again; in subnets without a way out."""

    database: Database
    broker: Broker
    files: SharedFiles
    backup: BackupSource | None
    """What is kept by a plan; None where there is none."""
    copies: pulumi.Output[str] | None
    """The name of the vault in the second region."""

    def __init__(
        self, name: str, args: DataTierArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:DataTier", name, None, opts)
        self._args = args
        self._children = pulumi.ResourceOptions(parent=self)
        self.database = self._database()
        self.broker = self._broker()
        self.files = self._files()
        self.copies = None
        self.backup = self._backup() if args.settings.backup.enabled else None
        self.register_outputs({"database": self.database.identifier})

    def _database(self) -> Database:
        args = self._args
        return Database(
            "database",
            DatabaseArgs(
                surroundings=args.surroundings,
                settings=args.settings.database,
                vpc_id=args.network.vpc_id,
                subnet_ids=args.network.isolated_subnet_ids,
                key_arn=args.key_arn,
                rotation_days=args.settings.secrets.rotation_days,
                log_retention_days=args.settings.monitoring.log_retention_days,
                keep_logs=args.settings.monitoring.keep_logs,
            ),
            self._children,
        )

    def _broker(self) -> Broker:
        args = self._args
        return Broker(
            "broker",
            BrokerArgs(
                surroundings=args.surroundings,
                settings=args.settings.messaging,
                vpc_id=args.network.vpc_id,
                subnet_ids=args.network.isolated_subnet_ids,
                key_arn=args.key_arn,
                app_password=args.secrets.broker_app.value,
                operator_password=args.secrets.broker_operator.value,
            ),
            self._children,
        )

    def _files(self) -> SharedFiles:
        args = self._args
        subnets = zip(args.network.zones, args.network.isolated_subnet_ids, strict=True)
        return SharedFiles(
            "files",
            SharedFilesArgs(
                surroundings=args.surroundings,
                settings=args.settings.files,
                vpc_id=args.network.vpc_id,
                subnet_ids=dict(subnets),
                key_arn=args.key_arn,
            ),
            self._children,
        )

    def _backup(self) -> BackupSource:
        args = self._args
        made = ClusterBackup(
            "backup",
            ClusterBackupArgs(
                surroundings=args.surroundings,
                settings=args.settings.backup,
                database_arn=self.database.arn,
                files_arn=self.files.file_system_arn,
                key_arn=args.key_arn,
                copy=self._copy(),
            ),
            self._children,
        )
        self.copies = made.copies_name
        return BackupSource(
            vault_name=made.vault_name,
            database_arn=self.database.arn,
            files_arn=self.files.file_system_arn,
            restore_role_arn=self._restore_test_role(made),
            daily=is_daily(args.settings.backup.schedule),
        )

    def _restore_test_role(self, kept: ClusterBackup) -> pulumi.Output[str] | None:
        schedule = self._args.settings.backup.restore_test
        if schedule is None:
            return None
        return RestoreTest(
            "restore-test",
            RestoreTestArgs(
                surroundings=self._args.surroundings,
                schedule=schedule,
                vault_arn=kept.vault_arn,
                database_arn=self.database.arn,
                files_arn=self.files.file_system_arn,
            ),
            self._children,
        ).role_arn

    def _copy(self) -> BackupCopy | None:
        there = self._args.second_region
        return None if there is None else BackupCopy(provider=there.provider, key_arn=there.key_arn)
