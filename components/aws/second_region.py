"""What a cluster needs to come up elsewhere: a key, and a provider for copies of the rest."""

from dataclasses import dataclass, replace

import pulumi
from pulumi_aws import ecr

from components.aws import providers
from components.aws.kms import EncryptionKey, EncryptionKeyArgs
from components.aws.surroundings import AwsSurroundings
from settings.aws.account import Account


@dataclass(frozen=True, kw_only=True)
class SecondRegionArgs:
    """`region` is the second one. `own_key` is whether the stack has keys of its own.

    `replicated_repository` is the ECR repository, of the stack's region, whose images are copied
    there; None: none.
    """

    surroundings: AwsSurroundings
    account: Account
    region: str
    own_key: bool
    replicated_repository: str | None


class SecondRegion(pulumi.ComponentResource):
    """Nothing in it runs. What copies are encrypted with is a key of that region, which needs
    nothing of the first one.
    """

    region: str
    provider: pulumi.ProviderResource
    key_arn: pulumi.Output[str] | None
    """None leaves encryption of what is copied to Amazon's keys of that region."""

    def __init__(
        self, name: str, args: SecondRegionArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:SecondRegion", name, None, opts)
        self.region = args.region
        made = providers.provider("copies", args.surroundings, args.account, region=args.region)
        self.provider = made
        self.key_arn = None
        if args.own_key:
            self.key_arn = EncryptionKey(
                "copy-key",
                EncryptionKeyArgs(
                    surroundings=replace(args.surroundings, region=args.region), part="copy-key"
                ),
                providers.of_provider(made, self),
            ).arn
        if args.replicated_repository is not None:
            self._replicate(args, args.replicated_repository)
        self.register_outputs({"region": self.region, "keyArn": self.key_arn})

    def _replicate(self, args: SecondRegionArgs, repository: str) -> None:
        """An account has one such configuration in a region: this one takes another's place."""
        ecr.ReplicationConfiguration(
            args.surroundings.named("images"),
            replication_configuration=ecr.ReplicationConfigurationReplicationConfigurationArgs(
                rules=[
                    ecr.ReplicationConfigurationReplicationConfigurationRuleArgs(
                        destinations=[
                            ecr.ReplicationConfigurationReplicationConfigurationRuleDestinationArgs(
                                region=args.region, registry_id=args.surroundings.account_id
                            )
                        ],
                        repository_filters=[
                            ecr.ReplicationConfigurationReplicationConfigurationRuleRepositoryFilterArgs(
                                filter=repository, filter_type="PREFIX_MATCH"
                            )
                        ],
                    )
                ]
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
