"""The account and region that a provider was configured for."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.engine.doubles.aws.codec import Unknown, opened
from tests.engine.doubles.aws.errors import AwsRefusalError

ACCOUNT_VARIABLE = "AWS_DOUBLE_ACCOUNT_ID"
"""The account whose credentials are used; without it the first one that is allowed."""

ANY_ACCOUNT = "123456789012"


@dataclass(frozen=True)
class Surroundings:
    """Where resources are made, and the tags that all of them get."""

    account_id: str = ANY_ACCOUNT
    region: str = "eu-central-1"
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def partition(self) -> str:
        """The part of AWS that the region is in."""
        if self.region.startswith("cn-"):
            return "aws-cn"
        return "aws-us-gov" if self.region.startswith("us-gov-") else "aws"

    def arn(self, service: str, resource: str, *, everywhere: bool = False) -> str:
        """Of something in this account; `everywhere` for services without regions."""
        region = "" if everywhere else self.region
        return f"arn:{self.partition}:{service}:{region}:{self.account_id}:{resource}"


def configured(arguments: Mapping[str, Any]) -> Surroundings:
    """What the provider's arguments say. Raises where the account is not one of those allowed."""
    given = {key: _structured(value) for key, value in opened(dict(arguments)).items()}
    allowed = given.get("allowedAccountIds") or []
    account_id = os.environ.get(ACCOUNT_VARIABLE) or next(iter(allowed), ANY_ACCOUNT)
    if allowed and account_id not in allowed:
        raise AwsRefusalError("ConfigureError", f"AWS account ID not allowed: {account_id}")
    default_tags = given.get("defaultTags") or {}
    return Surroundings(
        account_id=account_id,
        region=given.get("region") or os.environ.get("AWS_REGION") or "eu-central-1",
        tags=default_tags.get("tags") or {},
    )


def _structured(value: Any) -> Any:
    """A provider's own arguments travel as text; lists and blocks are JSON in it."""
    if isinstance(value, str) and value[:1] in ("[", "{"):
        return json.loads(value)
    return None if isinstance(value, Unknown) else value
