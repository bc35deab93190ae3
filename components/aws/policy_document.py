"""Policy documents of IAM and of resources, as typed dictionaries and as JSON."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal, NotRequired, TypedDict

import pulumi

VERSION: Final = "2012-10-17"
"""The language's own version; an older one would read variables as plain text."""

Texts = pulumi.Input[str] | Sequence[pulumi.Input[str]]

Principal = Literal["*"] | Mapping[Literal["AWS", "Service", "Federated"], Texts]

Condition = Mapping[str, Mapping[str, Texts]]
"""Operator → condition key → value, or values of which one must match."""


class Statement(TypedDict):
    """One permission or refusal; `Principal` is for policies that belong to a resource."""

    Sid: NotRequired[str]
    Effect: Literal["Allow", "Deny"]
    Principal: NotRequired[Principal]
    Action: str | Sequence[str]
    Resource: NotRequired[Texts]
    Condition: NotRequired[Condition]


def policy_document(*statements: Statement) -> pulumi.Output[str]:
    """The document as JSON; Outputs in it are waited for, and stay secret when they are."""
    return pulumi.Output.json_dumps({"Version": VERSION, "Statement": list(statements)})


def assumed_by(service: str, condition: Condition | None = None) -> pulumi.Output[str]:
    """The trust of a role that the AWS service `service`, as `rds.amazonaws.com`, may take on."""
    trust: Statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sts:AssumeRole",
    }
    if condition is not None:
        trust["Condition"] = condition
    return policy_document(trust)
