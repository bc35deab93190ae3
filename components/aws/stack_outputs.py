"""What a stack on AWS says of itself, to checks and to operators."""

from typing import Any

import pulumi

from contract.cluster_document import ClusterDocument
from contract.stack_outputs import BalancerOutput, BrokerOutput, DatabaseOutput, StackOutputs
from settings.aws.settings import AwsSettings
from settings.routing import routing_rules

README = """\
# Cluster {cluster}

Visitors come to {url}. What its parts are called is in the outputs `serverGroups`, `broker`,
`database`, `logGroup` and `imageRepository`.

- a shell on a server: `aws ssm start-session --target <instance id>`
- the nodes' logs: `aws logs tail <logGroup> --follow`
- the administrator's password:
  `aws secretsmanager get-secret-value --secret-id <administratorSecret>`
- releases, restores and what each change does: docs/operations.md
"""


def url_of(settings: AwsSettings) -> str:
    """Where visitors come."""
    return f"https://{settings.balancer.host}"


def readme(settings: AwsSettings, cluster: str) -> str:
    """What an operator wants to know first; Pulumi's console shows an output of this name."""
    return README.format(cluster=cluster, url=url_of(settings))


def stack_outputs(
    settings: AwsSettings, document: pulumi.Output[ClusterDocument]
) -> pulumi.Output[dict[str, Any]]:
    """`StackOutputs` as a plain dictionary. Servers come and go, so no node is listed in it."""
    return document.apply(
        lambda known: _outputs(settings, known).model_dump(mode="json", by_alias=True)
    )


def _outputs(settings: AwsSettings, document: ClusterDocument) -> StackOutputs:
    image = settings.image
    return StackOutputs(
        cluster=document.cluster,
        platform="aws",
        implementation="scipio" if image.existing or image.build else "reference",
        balancer=BalancerOutput(
            https_url=url_of(settings), http_url=f"http://{settings.balancer.host}"
        ),
        routing=routing_rules(settings),
        nodes=(),
        brokers=tuple(BrokerOutput(name=broker.host) for broker in document.messaging.brokers),
        database=DatabaseOutput(
            host=document.database.host,
            port=document.database.port,
            name=document.database.name,
            app_user=document.database.app_user,
        ),
    )
