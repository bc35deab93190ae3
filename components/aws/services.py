"""AWS's services as the SDK has them, loaded before the program asks for them."""

import gc
from typing import Final

import pulumi_aws

from components import collector

USED: Final = (
    "acm",
    "autoscaling",
    "backup",
    "budgets",
    "cloudfront",
    "cloudwatch",
    "ec2",
    "ecr",
    "efs",
    "iam",
    "kms",
    "lb",
    "mq",
    "rds",
    "route53",
    "s3",
    "secretsmanager",
    "sns",
    "ssm",
    "vpc",
    "wafv2",
)
"""What the components of this package import of `pulumi_aws`."""


def load() -> None:
    """Each one is loaded, which the SDK puts off until something of it is used: seconds, in all.

    Not while a program runs: the SDK's way of putting off knows one thread.
    """
    with collector.at_rest():
        for name in USED:
            # Any attribute will do.
            getattr(getattr(pulumi_aws, name), "__all__", None)
    # They stay for good: no later search has to look through them, and neither has the last one,
    # at the end of the process.
    gc.freeze()
