"""Named types that more than one document uses."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

INSTANCE_ID_MAX_LENGTH = 20
"""`unique.instanceId`, "20 char max" (framework/common/config/general.properties:20-21)."""

InstanceId = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=INSTANCE_ID_MAX_LENGTH),
]
"""Names one running JVM: no two live nodes share one. An EC2 instance id (19 characters) fits."""

NodeRole = Literal["app", "search"]
"""What a node does: serve visitors, or search for the nodes that do."""

CLUSTER_NAME_PATTERN = r"^[a-z][a-z0-9-]*$"
CLUSTER_NAME_MAX_LENGTH = 30

ClusterName = Annotated[
    str, StringConstraints(pattern=CLUSTER_NAME_PATTERN, max_length=CLUSTER_NAME_MAX_LENGTH)
]
"""Names of networks, containers and volumes are made from it."""

Port = Annotated[int, Field(ge=1, le=65535)]
Host = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$")]
Seconds = Annotated[int, Field(ge=0)]
AbsolutePath = Annotated[str, StringConstraints(pattern=r"^/[A-Za-z0-9/_.-]*$")]
PemText = Annotated[str, StringConstraints(pattern=r"^-----BEGIN CERTIFICATE-----")]
"""One or more certificates; public, so it may cross in plain text."""

TopicName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
LocaleName = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(_[A-Z]{2})?$")]
TimeZoneName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$")
]
ReaderName = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$"),
    Field(examples=["seed-initial"]),
]
"""A group of seed files, as in `load-data readers=seed,ext`: no comma, no space."""

Cidr = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,3}(\.[0-9]{1,3}){3}/[0-9]{1,2}$")]
"""A block of IPv4 addresses."""

CookieName = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$")]
PathPrefix = Annotated[str, StringConstraints(pattern=r"^/[A-Za-z0-9/_.-]*$")]
NamedPath = Annotated[
    str, StringConstraints(pattern=r"^(/[A-Za-z0-9_.-]+)+$"), Field(examples=["/shop"])
]
"""One name or more, so never `/`, which would be every path."""
StickinessSeconds = Annotated[int, Field(ge=1, le=604_800)]
"""1 second to 7 days: the range of an AWS load balancer's duration stickiness, kept everywhere."""

EmailAddress = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$")
]
