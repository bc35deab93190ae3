"""The load balancer's access logs."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.aws.log_bucket import LogBucket, LogBucketArgs
from components.aws.policy_document import Principal
from components.aws.surroundings import AwsSurroundings

PREFIX = "load-balancer"
"""Folder of the load balancer's files; `AWSLogs` may not be in it."""

BALANCER_ACCOUNTS: Mapping[str, str] = {
    "af-south-1": "098369216593",
    "ap-east-1": "754344448648",
    "ap-northeast-1": "582318560864",
    "ap-northeast-2": "600734575887",
    "ap-northeast-3": "383597477331",
    "ap-south-1": "718504428378",
    "ap-southeast-1": "114774131450",
    "ap-southeast-2": "783225319266",
    "ap-southeast-3": "589379963580",
    "ca-central-1": "985666609251",
    "cn-north-1": "638102146993",
    "cn-northwest-1": "037604701340",
    "eu-central-1": "054676820928",
    "eu-north-1": "897822967062",
    "eu-south-1": "635631232127",
    "eu-west-1": "156460612806",
    "eu-west-2": "652711504416",
    "eu-west-3": "009996457667",
    "me-south-1": "076674570225",
    "sa-east-1": "507241528517",
    "us-east-1": "127311923021",
    "us-east-2": "033677994240",
    "us-gov-east-1": "190560391635",
    "us-gov-west-1": "048591011584",
    "us-west-1": "027434742980",
    "us-west-2": "797873946194",
}
"""Accounts in whose name the load balancers of older regions write
(elasticloadbalancing/latest/application/enable-access-logging, legacy bucket policies, 2025)."""

BALANCER_SERVICE = "logdelivery.elasticloadbalancing.amazonaws.com"
"""In whose name those of all other regions write."""


@dataclass(frozen=True, kw_only=True)
class AccessLogsArgs:
    """`retention_days` is how long a file is kept."""

    surroundings: AwsSurroundings
    retention_days: int


class AccessLogs(pulumi.ComponentResource):
    """A private bucket that load balancers of this account write to.

    Those of another account could only write to a folder of their own account, which is closed.
    """

    bucket_name: pulumi.Output[str]
    """Known once writing is allowed: a load balancer tries it at its creation."""

    def __init__(
        self, name: str, args: AccessLogsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:AccessLogs", name, None, opts)
        surroundings = args.surroundings
        self.bucket_name = LogBucket(
            "bucket",
            LogBucketArgs(
                surroundings=surroundings,
                part="access-logs",
                retention_days=args.retention_days,
                writer=_writer(surroundings),
                folder=f"{PREFIX}/AWSLogs/{surroundings.account_id}",
            ),
            pulumi.ResourceOptions(parent=self),
        ).bucket_name
        self.register_outputs({"bucketName": self.bucket_name})


def _writer(surroundings: AwsSurroundings) -> Principal:
    account = BALANCER_ACCOUNTS.get(surroundings.region)
    if account is None:
        return {"Service": BALANCER_SERVICE}
    return {"AWS": f"arn:{surroundings.partition}:iam::{account}:root"}
