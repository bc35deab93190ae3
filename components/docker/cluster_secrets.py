"""What the cluster's parts know each other by: passwords, and the authority all of them trust."""

from dataclasses import dataclass

import pulumi

from components.generated.certificate_authority import CertificateAuthority
from components.generated.password import GeneratedPassword


@dataclass(frozen=True, kw_only=True)
class ClusterSecretsArgs:
    """`cluster` names the authority, so that a person who imports it knows whose it is."""

    cluster: str


class ClusterSecrets(pulumi.ComponentResource):
    """One password for each use, and the cluster's own certificate authority.

    They are drawn once. Losing the state loses them: the database goes on with the administrator's
    password that it was made with, which is lost.
    """

    database_admin: pulumi.Output[str]
    database_app: pulumi.Output[str]
    broker_app: pulumi.Output[str]
    administrator: pulumi.Output[str]
    authority: CertificateAuthority

    def __init__(
        self, name: str, args: ClusterSecretsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:docker:ClusterSecrets", name, None, opts)
        self.database_admin = self._drawn("database-admin-password")
        self.database_app = self._drawn("database-app-password")
        self.broker_app = self._drawn("broker-app-password")
        self.administrator = self._drawn("administrator-password")
        self.authority = CertificateAuthority(
            "authority",
            common_name=f"{args.cluster} authority",
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({"authorityCertificate": self.authority.certificate_pem})

    def _drawn(self, name: str) -> pulumi.Output[str]:
        return GeneratedPassword(name, opts=pulumi.ResourceOptions(parent=self)).value
