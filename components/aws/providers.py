"""The account and regions that a stack works in, and what everything in them is tagged with."""

import pulumi
import pulumi_aws as aws

from components.aws.surroundings import AwsSurroundings
from settings.aws.account import Account
from settings.aws.settings import AwsSettings

PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}
"""Beginning of a region's name → the partition of AWS it is in; every other is in `aws`."""


def surroundings(settings: AwsSettings, cluster: str) -> AwsSurroundings:
    """What every component knows. Asks AWS for the account only where the stack allows several."""
    account = settings.aws
    return AwsSurroundings(
        cluster=cluster,
        region=account.region,
        partition=partition_of(account.region),
        account_id=_account_id(account),
        tags=tags(account, cluster),
        protect=account.protection,
    )


def partition_of(region: str) -> str:
    """The partition of AWS that a region is in."""
    return next((name for begins, name in PARTITIONS.items() if region.startswith(begins)), "aws")


def tags(account: Account, cluster: str) -> dict[str, str]:
    """What everything carries: the cluster's name last, so that no tag of a stack hides it."""
    costs = {"CostCentre": account.cost_centre} if account.cost_centre else {}
    return {**account.tags, **costs, "Cluster": cluster}


def provider(
    name: str, around: AwsSurroundings, account: Account, *, region: str | None = None
) -> aws.Provider:
    """A provider that touches no account but those allowed, in the stack's region or another."""
    return aws.Provider(
        around.named(name),
        region=region or around.region,
        allowed_account_ids=list(account.allowed_account_ids),
        default_tags=aws.ProviderDefaultTagsArgs(tags=dict(around.tags)),
    )


def of_provider(made: aws.Provider, parent: pulumi.Resource) -> pulumi.ResourceOptions:
    """Options of a component that lives where another provider than its parent's leads."""
    return pulumi.ResourceOptions(parent=parent, providers=[made])


def _account_id(account: Account) -> str:
    if len(account.allowed_account_ids) == 1:
        return account.allowed_account_ids[0]
    return aws.get_caller_identity().account_id
