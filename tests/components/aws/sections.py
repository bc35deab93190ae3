"""Sections of settings and the surroundings that components on AWS are given in tests."""

from collections.abc import Callable
from typing import Any, TypeVar

import pulumi
from pydantic.alias_generators import to_camel

from components.aws.surroundings import AwsSurroundings
from settings.aws.profiles import PROD
from settings.section import Section
from tests.support.aws_api import faults
from tests.support.aws_stand_ins import ACCOUNT_ID, REGION
from tests.support.recorder import Recording, record

S = TypeVar("S", bound=Section)

CLUSTER = "scipio-prod"
KEY_ARN = f"arn:aws:kms:{REGION}:{ACCOUNT_ID}:key/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f"
VPC_ID = "vpc-0123456789abcdef0"
SUBNETS = {
    f"{REGION}a": "subnet-0123456789abcdef1",
    f"{REGION}b": "subnet-0123456789abcdef2",
    f"{REGION}c": "subnet-0123456789abcdef3",
}


def surroundings(*, protect: bool = True, cluster: str = CLUSTER) -> AwsSurroundings:
    """A stack in an account of Amazon's own documentation."""
    return AwsSurroundings(
        cluster=cluster,
        region=REGION,
        partition="aws",
        account_id=ACCOUNT_ID,
        tags={"Cluster": cluster},
        protect=protect,
    )


def section(model: type[S], key: str, **changes: Any) -> S:
    """A section as production has it, with some fields changed; names as in code."""
    named = {to_camel(name): value for name, value in changes.items()}
    return model.model_validate({**PROD[key], **named})


def recorded(make: Callable[[], object]) -> Recording:
    """What `make` registers."""
    return record(lambda: _made(make), stack="prod")


def _made(make: Callable[[], object]) -> None:
    """`register_outputs` of the stack takes no component."""
    assert isinstance(make(), pulumi.ComponentResource)


def api_faults(recording: Recording) -> list[str]:
    """What AWS's own description of its API says against all that was registered.

    Raises `LookupError` for a type that nobody has described.
    """
    return [fault for each in recording if each.type.startswith("aws:") for fault in faults(each)]
