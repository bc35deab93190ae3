"""What every component on AWS knows of the account and the stack that it is made in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

NODE_UID: Final = 10001
"""The user `scipio` of the node's image, and its group: it owns the shared files."""


@dataclass(frozen=True, kw_only=True)
class AwsSurroundings:
    """Where a component is. All of it is plain text, known before anything is made.

    `tags` are the provider's default tags: only what default tags do not reach (instances and
    volumes of a group) repeats them. `protect` is the stack's one switch against deletion.
    """

    cluster: str
    region: str
    partition: str
    account_id: str
    tags: Mapping[str, str]
    protect: bool

    @property
    def dns_suffix(self) -> str:
        """How the names of the partition's own services end, where they differ by region."""
        return "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"

    def named(self, part: str) -> str:
        """The logical name of a resource; Pulumi appends a hyphen and seven digits."""
        return f"{self.cluster}-{part}"

    def arn(self, service: str, resource: str) -> str:
        """The ARN of something in this account and region."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account_id}:{resource}"

    def global_arn(self, service: str, resource: str) -> str:
        """The ARN of something in this account that belongs to no region."""
        return f"arn:{self.partition}:{service}::{self.account_id}:{resource}"

    def managed_policy_arn(self, path: str) -> str:
        """The ARN of a policy that AWS itself maintains."""
        return f"arn:{self.partition}:iam::aws:policy/{path}"
