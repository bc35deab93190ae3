"""The secrets that a server fetches for its node, under the names that the node knows them by."""

from dataclasses import dataclass
from typing import TypedDict

import pulumi

from components.aws.database import ADMIN_PASSWORD_KEY
from contract.cluster_document import FileSecret
from settings.cluster_document import (
    ADMINISTRATOR_PASSWORD,
    BROKER_APP_PASSWORD,
    DATABASE_ADMIN_PASSWORD,
    DATABASE_APP_PASSWORD,
)
from templates.userdata.node import ServerSecret


class Fetched(TypedDict):
    """Three fields of `templates.userdata.node.NodeServer`."""

    secrets: tuple[ServerSecret, ...]
    preparation_secrets: tuple[ServerSecret, ...]
    serving_profile: str


@dataclass(frozen=True, kw_only=True)
class ServerSecrets:
    """ARNs in Secrets Manager; no value is here."""

    database_app: pulumi.Input[str]
    database_admin: pulumi.Input[str]
    """RDS's own secret of the master user: a JSON object."""
    broker_app: pulumi.Input[str]
    administrator: pulumi.Input[str]

    def fetched(self, serving_profile_arn: pulumi.Input[str]) -> pulumi.Output[Fetched]:
        """Those of every start of a node, those of a server's first one, and the profile that may
        not read the latter.
        """
        return pulumi.Output.all(
            app=self.database_app,
            admin=self.database_admin,
            broker=self.broker_app,
            administrator=self.administrator,
            profile=serving_profile_arn,
        ).apply(
            lambda arns: Fetched(
                secrets=(
                    _named(DATABASE_APP_PASSWORD, arns["app"]),
                    _named(BROKER_APP_PASSWORD, arns["broker"]),
                ),
                preparation_secrets=(
                    _named(DATABASE_ADMIN_PASSWORD, arns["admin"], ADMIN_PASSWORD_KEY),
                    _named(ADMINISTRATOR_PASSWORD, arns["administrator"]),
                ),
                serving_profile=arns["profile"],
            )
        )


def _named(secret: FileSecret, arn: str, key: str | None = None) -> ServerSecret:
    return ServerSecret(name=secret.name, arn=arn, key=key)
