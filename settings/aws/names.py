"""Named types of AWS that more than one section uses."""

from ipaddress import IPv4Network
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

Region = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]+)+-[0-9]$")]
Zone = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]+)+-[0-9][a-z]$")]
"""An availability zone by its name, which is its region and a letter."""

AccountId = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]
CertificateArn = Annotated[
    str,
    StringConstraints(pattern=r"^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[^ /]+$"),
]
TopicArn = Annotated[
    str, StringConstraints(pattern=r"^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+$")
]
AmiId = Annotated[str, StringConstraints(pattern=r"^ami-[0-9a-f]{8,17}$")]
VpcId = Annotated[str, StringConstraints(pattern=r"^vpc-[0-9a-f]{8,17}$")]
SubnetId = Annotated[str, StringConstraints(pattern=r"^subnet-[0-9a-f]{8,17}$")]
BucketName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]
FileSystemId = Annotated[str, StringConstraints(pattern=r"^fs-[0-9a-f]{8,17}$")]
HostedZoneId = Annotated[str, StringConstraints(pattern=r"^Z[A-Z0-9]{5,31}$")]

ClockTime = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
DailyWindow = Annotated[
    str,
    StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$"),
]
"""Every day, UTC, as RDS writes a backup window."""

WeeklyWindow = Annotated[
    str,
    StringConstraints(
        pattern=r"^(mon|tue|wed|thu|fri|sat|sun):([01][0-9]|2[0-3]):[0-5][0-9]"
        r"-(mon|tue|wed|thu|fri|sat|sun):([01][0-9]|2[0-3]):[0-5][0-9]$"
    ),
]
"""Once a week, UTC, as RDS writes a maintenance window."""

Recurrence = Annotated[str, StringConstraints(pattern=r"^[0-9*/,-]+( [A-Za-z0-9*/,-]+){4}$")]
"""Five fields of cron, as Auto Scaling takes them."""

BackupSchedule = Annotated[
    str, StringConstraints(pattern=r"^cron\([A-Za-z0-9*/,?#-]+( [A-Za-z0-9*/,?#-]+){5}\)$")
]
"""Six fields of cron in UTC, as AWS Backup takes them."""

TagKey = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 _.:/=+@-]*$", max_length=128)
]
TagValue = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 _.:/=+@-]*$", max_length=256)]
PinnedImage = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9][A-Za-z0-9._/:-]*@sha256:[0-9a-f]{64}$", max_length=400),
]
"""An image by its digest: what a tag means may change, what a digest means never does."""

FolderPath = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._/-]+$")]

BrokerUser = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._~-]{2,100}$")]
"""Amazon MQ: 2 to 100 characters (API reference, User)."""

LogRetentionDays = Literal[
    1,
    3,
    5,
    7,
    14,
    30,
    60,
    90,
    120,
    150,
    180,
    365,
    400,
    545,
    731,
    1096,
    1827,
    2192,
    2557,
    2922,
    3288,
    3653,
]
"""What CloudWatch Logs accepts (API reference, PutRetentionPolicy)."""

Days = Annotated[int, Field(ge=1, le=36_500)]


def network_of(cidr: str) -> IPv4Network | None:
    """The block, or None where the text is no block or not its first address."""
    try:
        return IPv4Network(cidr)
    except ValueError:
        return None
