"""What AWS offers and this program accepts: one list a kind, with its source and its date.

Names that AWS adds later are added here, and nowhere else. Sizes are nominal, as AWS prints them.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

Architecture = Literal["x86_64", "arm64"]

REGIONS: tuple[str, ...] = (
    "af-south-1",
    "ap-east-1",
    "ap-northeast-1", "ap-northeast-2", "ap-northeast-3",
    "ap-south-1", "ap-south-2",
    "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4",
    "ca-central-1",
    "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2",
    "eu-west-1", "eu-west-2", "eu-west-3",
    "me-central-1", "me-south-1",
    "sa-east-1",
    "us-east-1", "us-east-2", "us-west-1", "us-west-2",
)  # fmt: skip
"""Where the nodes can check the certificate of a database: regions with their RDS roots in
image/node/authorities/global-bundle.pem."""

InstanceType = Literal[
    "t3.small", "t3.medium", "t3.large", "t3.xlarge", "t3.2xlarge",
    "t4g.small", "t4g.medium", "t4g.large", "t4g.xlarge", "t4g.2xlarge",
    "m6i.large", "m6i.xlarge", "m6i.2xlarge", "m6i.4xlarge",
    "m6g.medium", "m6g.large", "m6g.xlarge", "m6g.2xlarge", "m6g.4xlarge",
    "m7i.large", "m7i.xlarge", "m7i.2xlarge", "m7i.4xlarge",
    "m7g.medium", "m7g.large", "m7g.xlarge", "m7g.2xlarge", "m7g.4xlarge",
    "r6i.large", "r6i.xlarge", "r6i.2xlarge", "r6i.4xlarge",
    "r6g.large", "r6g.xlarge", "r6g.2xlarge", "r6g.4xlarge",
    "r7i.large", "r7i.xlarge", "r7i.2xlarge", "r7i.4xlarge",
    "r7g.large", "r7g.xlarge", "r7g.2xlarge", "r7g.4xlarge",
]  # fmt: skip
"""EC2 types with memory for a node (docs.aws.amazon.com/ec2/latest/instancetypes, 2026-11; each is
in cfn-lint 1.58.0 for eu-central-1, eu-west-1 and us-east-1)."""

DatabaseClass = Literal[
    "db.t3.micro", "db.t3.small", "db.t3.medium", "db.t3.large", "db.t3.xlarge", "db.t3.2xlarge",
    "db.t4g.micro", "db.t4g.small", "db.t4g.medium", "db.t4g.large", "db.t4g.xlarge",
    "db.t4g.2xlarge",
    "db.m6i.large", "db.m6i.xlarge", "db.m6i.2xlarge", "db.m6i.4xlarge",
    "db.m6g.large", "db.m6g.xlarge", "db.m6g.2xlarge", "db.m6g.4xlarge",
    "db.m7i.large", "db.m7i.xlarge", "db.m7i.2xlarge", "db.m7i.4xlarge",
    "db.m7g.large", "db.m7g.xlarge", "db.m7g.2xlarge", "db.m7g.4xlarge",
    "db.r6i.large", "db.r6i.xlarge", "db.r6i.2xlarge", "db.r6i.4xlarge",
    "db.r6g.large", "db.r6g.xlarge", "db.r6g.2xlarge", "db.r6g.4xlarge",
    "db.r7i.large", "db.r7i.xlarge", "db.r7i.2xlarge", "db.r7i.4xlarge",
    "db.r7g.large", "db.r7g.xlarge", "db.r7g.2xlarge", "db.r7g.4xlarge",
]  # fmt: skip
"""RDS classes for PostgreSQL (AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass, 2026-11; each is
in cfn-lint 1.58.0 for 15.19, 16.15 and 17.11)."""

BrokerType = Literal["mq.t3.micro", "mq.m5.large", "mq.m5.xlarge", "mq.m5.2xlarge", "mq.m5.4xlarge"]
"""Amazon MQ for ActiveMQ (amazon-mq/latest/developer-guide/activemq-broker-instance-types)."""

ActiveMqVersion = Literal["5.19", "5.18"]
"""The only two that can be created (activemq-version-management, 2026-04)."""

PostgresVersion = Literal["15", "16", "17"]
"""Major versions of RDS that the ERP's driver 42.7 speaks to (RDS release calendar, 2026-06)."""

TlsPolicy = Literal[
    "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
    "ELBSecurityPolicy-TLS13-1-2-2021-06",
    "ELBSecurityPolicy-TLS13-1-3-2021-06",
]
"""Policies without TLS 1.0 and 1.1 (application/describe-ssl-policies, 2025-09); the first is
AWS's own recommendation."""


class Machine(NamedTuple):
    """One size of computer: `mib` is nominal memory."""

    vcpus: int
    mib: int
    architecture: Architecture


_GIB = 1024

_GRAVITON = ("t4g", "m6g", "m7g", "r6g", "r7g")
_LARGE_GIB = {"t": 8, "m": 8, "r": 16}
"""Memory of the size `large` by the first letter of the family."""
_SHARE_OF_LARGE = {
    "micro": 1 / 8,
    "small": 1 / 4,
    "medium": 1 / 2,
    "large": 1,
    "xlarge": 2,
    "2xlarge": 4,
    "4xlarge": 8,
}
"""Within these families each size has twice the memory of the one below."""
_SINGLE_CPU = ("m6g.medium", "m7g.medium")


def machine(name: InstanceType | DatabaseClass) -> Machine:
    """Memory, processors and architecture of an EC2 type or an RDS class."""
    family, _, size = name.removeprefix("db.").partition(".")
    share = _SHARE_OF_LARGE[size]
    return Machine(
        vcpus=1 if name in _SINGLE_CPU else max(2, int(2 * share)),
        mib=int(_LARGE_GIB[family[0]] * _GIB * share),
        architecture="arm64" if family in _GRAVITON else "x86_64",
    )


BROKER_CONNECTIONS: Mapping[BrokerType, int] = {
    "mq.t3.micro": 100,
    "mq.m5.large": 1000,
    "mq.m5.xlarge": 1000,
    "mq.m5.2xlarge": 1000,
    "mq.m5.4xlarge": 1000,
}
"""Connections of one protocol (amazon-mq-limits, 2023-06)."""
