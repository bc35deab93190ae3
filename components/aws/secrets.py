"""What the cluster's parts know each other by: generated passwords, kept in Secrets Manager."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import secretsmanager

from components.aws.second_region import SecondRegion
from components.aws.surroundings import AwsSurroundings
from components.generated.password import GeneratedPassword


@dataclass(frozen=True, kw_only=True)
class ClusterSecretsArgs:
    """`recovery_days` is how long a deleted secret can be brought back: 0, or 7 to 30.

    `key_arn` is the stack's own key; None leaves them to Amazon's key for Secrets Manager.
    `second_region` gets a copy of each; None: there is none.
    """

    surroundings: AwsSurroundings
    recovery_days: int
    key_arn: pulumi.Input[str] | None
    second_region: SecondRegion | None = None


@dataclass(frozen=True, kw_only=True)
class StoredPassword:
    """`value` is secret. `arn` is that of the secret, known as soon as it holds the value."""

    arn: pulumi.Output[str]
    value: pulumi.Output[str]


class ClusterSecrets(pulumi.ComponentResource):
    """One password for each use, each in a secret of its own that holds nothing else.

    They are drawn once and never change by themselves, because the ERP reads a password when it
    starts: one that changes in between breaks every connection made after that. A new one comes
    with a release: `pulumi up --replace` on the password writes it into the same secret, and each
    node reads it when it starts. The database's administrator is another matter: RDS makes that
    password and may change it, since nodes use it only while they start.

    Names are made from a prefix, since a deleted secret keeps its name until it is gone for good.
    """

    database_app: StoredPassword
    """The ERP's role in the database, which the first node makes."""
    broker_app: StoredPassword
    """The nodes' user of the broker. Changing it needs a restart of the broker."""
    broker_operator: StoredPassword
    """The people's user of the broker. Changing it needs a restart of the broker."""
    administrator: StoredPassword
    """The ERP's own administrator, as seeded; the ERP keeps a later change to itself."""

    def __init__(
        self, name: str, args: ClusterSecretsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:ClusterSecrets", name, None, opts)
        self._args = args
        self.database_app = self._stored(
            "database-app-password", "The role of the ERP in its database"
        )
        self.broker_app = self._stored("broker-app-password", "The nodes' user of the broker")
        self.broker_operator = self._stored(
            "broker-operator-password", "The people's user of the broker and its console"
        )
        self.administrator = self._stored(
            "administrator-password", "The first password of the ERP's administrator"
        )
        self.register_outputs(
            {
                "databaseAppArn": self.database_app.arn,
                "brokerAppArn": self.broker_app.arn,
                "brokerOperatorArn": self.broker_operator.arn,
                "administratorArn": self.administrator.arn,
            }
        )

    def _replicas(self) -> "list[secretsmanager.SecretReplicaArgs] | None":
        there = self._args.second_region
        if there is None:
            return None
        return [secretsmanager.SecretReplicaArgs(region=there.region, kms_key_id=there.key_arn)]

    def _stored(self, use: str, description: str) -> StoredPassword:
        args = self._args
        lasting = pulumi.ResourceOptions(parent=self, protect=args.surroundings.protect)
        value = GeneratedPassword(args.surroundings.named(use), opts=lasting).value
        secret = secretsmanager.Secret(
            args.surroundings.named(use),
            # The service compares names by prefix where an ARN is cut short, so none ends in a
            # hyphen and six characters: it appends those, and the prefix 26 digits of its own.
            name_prefix=f"{args.surroundings.cluster}/{use}-",
            description=description,
            recovery_window_in_days=args.recovery_days,
            kms_key_id=args.key_arn,
            replicas=self._replicas(),
            opts=lasting,
        )
        version = secretsmanager.SecretVersion(
            args.surroundings.named(use),
            secret_id=secret.arn,
            secret_string=value,
            opts=pulumi.ResourceOptions(parent=self),
        )
        # The version's, so that nobody starts a node before there is something to read.
        return StoredPassword(arn=version.secret_arn, value=value)
