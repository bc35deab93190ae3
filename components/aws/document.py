"""The cluster document of a stack on AWS: the one place where what AWS gave becomes text."""

from dataclasses import dataclass
from typing import Any

import pulumi

from components.aws.broker import Broker
from components.aws.database import Database
from contract.cluster_document import ClusterDocument
from settings.aws.settings import AwsSettings
from settings.cluster_document import AwsEndpoints, aws_cluster_document


@dataclass(frozen=True, kw_only=True)
class DocumentArgs:
    """The parts whose names the document has. `search_host` is None where there is no search."""

    cluster: str
    settings: AwsSettings
    database: Database
    broker: Broker
    search_host: pulumi.Output[str] | None


def cluster_document(args: DocumentArgs) -> pulumi.Output[ClusterDocument]:
    """Known once database and broker are made; no value of a secret is in it."""
    return pulumi.Output.all(
        database=args.database.host,
        brokers=args.broker.endpoints.apply(lambda known: [each.host for each in known]),
        search=args.search_host,
    ).apply(lambda known: _document(args, known))


def _document(args: DocumentArgs, known: dict[str, Any]) -> ClusterDocument:
    return aws_cluster_document(
        args.settings,
        cluster=args.cluster,
        endpoints=AwsEndpoints(
            database=known["database"], brokers=known["brokers"], search=known["search"]
        ),
    )
