"""The cluster document of a stack on AWS: the one place where what AWS gave becomes text."""

from dataclasses import dataclass
from typing import Any

import pulumi

from components.aws.broker import Broker
from components.aws.database import ADMIN_PASSWORD_KEY, Database
from components.aws.secrets import ClusterSecrets
from contract.cluster_document import ClusterDocument, SecretsManagerSecret
from settings.aws.settings import AwsSettings
from settings.cluster_document import AwsEndpoints, AwsNodeSecrets, aws_cluster_document

"""RDS keeps the administrator's name beside the password in one JSON secret."""


@dataclass(frozen=True, kw_only=True)
class DocumentArgs:
    """The parts whose names the document has. `search_host` is None where there is no search."""

    cluster: str
    settings: AwsSettings
    database: Database
    broker: Broker
    secrets: ClusterSecrets
    search_host: pulumi.Output[str] | None


def cluster_document(args: DocumentArgs) -> pulumi.Output[ClusterDocument]:
    """Known once database, broker and secrets are made; no value of a secret is in it."""
    secrets = args.secrets
    return pulumi.Output.all(
        database=args.database.host,
        brokers=args.broker.endpoints.apply(lambda known: [each.host for each in known]),
        search=args.search_host,
        database_app=secrets.database_app.arn,
        database_admin=args.database.admin_secret_arn,
        broker_app=secrets.broker_app.arn,
        administrator=secrets.administrator.arn,
    ).apply(lambda known: _document(args, known))


def _document(args: DocumentArgs, known: dict[str, Any]) -> ClusterDocument:
    return aws_cluster_document(
        args.settings,
        cluster=args.cluster,
        endpoints=AwsEndpoints(
            database=known["database"], brokers=known["brokers"], search=known["search"]
        ),
        secrets=AwsNodeSecrets(
            database_app=SecretsManagerSecret(arn=known["database_app"]),
            database_admin=SecretsManagerSecret(
                arn=known["database_admin"], key=ADMIN_PASSWORD_KEY
            ),
            broker_app=SecretsManagerSecret(arn=known["broker_app"]),
            administrator=SecretsManagerSecret(arn=known["administrator"]),
        ),
    )
