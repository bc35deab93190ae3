"""At a first preview no resource has told anything yet: everything is declared all the same."""

from typing import Final

import pulumi

from components.aws.backup import ClusterBackup, ClusterBackupArgs
from components.aws.broker import Broker, BrokerArgs
from components.aws.database import Database, DatabaseArgs
from components.aws.files import SharedFiles, SharedFilesArgs
from components.aws.kms import EncryptionKey, EncryptionKeyArgs
from components.aws.secrets import ClusterSecrets, ClusterSecretsArgs
from settings.aws.backup import Backup
from settings.aws.files import Files
from settings.aws.mq_messaging import MqMessaging
from settings.aws.rds_database import RdsDatabase
from tests.components.aws.sections import SUBNETS, VPC_ID, section, surroundings
from tests.support.recorder import record

SEEN: Final[list[object]] = []


def data_tier() -> None:
    """Everything that holds data, each made from what the others will tell."""
    here = surroundings()
    key = EncryptionKey("key", EncryptionKeyArgs(surroundings=here))
    secrets = ClusterSecrets(
        "secrets", ClusterSecretsArgs(surroundings=here, recovery_days=30, key_arn=key.arn)
    )
    database = Database(
        "database",
        DatabaseArgs(
            surroundings=here,
            settings=section(RdsDatabase, "database"),
            vpc_id=VPC_ID,
            subnet_ids=list(SUBNETS.values()),
            key_arn=key.arn,
            rotation_days=90,
            keep_logs=True,
            log_retention_days=90,
        ),
    )
    broker = Broker(
        "broker",
        BrokerArgs(
            surroundings=here,
            settings=section(MqMessaging, "messaging"),
            vpc_id=VPC_ID,
            subnet_ids=list(SUBNETS.values()),
            key_arn=key.arn,
            app_password=secrets.broker_app.value,
            operator_password=secrets.broker_operator.value,
        ),
    )
    files = SharedFiles(
        "files",
        SharedFilesArgs(
            surroundings=here,
            settings=section(Files, "files"),
            vpc_id=VPC_ID,
            subnet_ids=SUBNETS,
            key_arn=key.arn,
        ),
    )
    ClusterBackup(
        "backup",
        ClusterBackupArgs(
            surroundings=here,
            settings=section(Backup, "backup"),
            database_arn=database.arn,
            files_arn=files.file_system_arn,
            key_arn=key.arn,
            copy=None,
        ),
    )
    for told in (database.host, database.admin_secret_arn, broker.console_urls):
        pulumi.Output.all(told).apply(SEEN.append)
    broker.endpoints.apply(SEEN.append)


def test_nothing_is_left_out_and_nothing_is_made_up() -> None:
    SEEN.clear()
    preview = record(data_tier, stack="prod", preview=True)

    assert SEEN == []
    update = record(data_tier, stack="prod")
    assert len(SEEN) == 4
    assert [each.urn for each in preview] == [each.urn for each in update]


def test_no_two_resources_share_an_urn() -> None:
    urns = [each.urn for each in record(data_tier, stack="prod")]

    assert len(set(urns)) == len(urns)
