"""`scipio:aws`: where in AWS the cluster is, and what it carries there."""

from typing import Annotated

from pydantic import Field

from contract.names import ClusterName
from settings.aws.names import AccountId, Region, TagKey, TagValue
from settings.section import Section


class Account(Section):
    """The AWS account and region."""

    region: Region
    """The region of everything but what CloudFront wants in us-east-1."""
    allowed_account_ids: Annotated[tuple[AccountId, ...], Field(min_length=1)]
    """Accounts this stack may touch: with credentials of any other nothing is done."""
    name: ClusterName | None
    """Begins the name of every resource; null: `scipio-` and the stack's name."""
    cost_centre: TagValue | None
    """Written as the tag `CostCentre` on everything that costs; null leaves the tag out."""
    tags: dict[TagKey, TagValue]
    """Further tags on everything, instances and volumes of the group included."""
    protection: bool
    """Whether what holds data, and the load balancer, refuse to be deleted: by Pulumi's `protect`
    and by AWS's own deletion protection. To tear down, set false, update, then destroy."""
