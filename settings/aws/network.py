"""`scipio:network`: the VPC, the stack's own or one that is there already."""

from typing import Annotated, Literal

from pydantic import Field

from contract.names import Cidr
from settings.aws.names import BucketName, SubnetId, VpcId, Zone
from settings.section import Section

SubnetIds = Annotated[tuple[SubnetId, ...], Field(min_length=1, max_length=3)]


class ExistingNetwork(Section):
    """A VPC with its subnets: all of it or none."""

    vpc_id: VpcId
    """The id of the VPC."""
    public_subnet_ids: SubnetIds
    """For the load balancer: one a zone, in the order of `zones`."""
    private_subnet_ids: SubnetIds
    """For the servers: one a zone, in the order of `zones`; with a way out or endpoints."""
    isolated_subnet_ids: SubnetIds
    """For database, broker and files: one a zone, in the order of `zones`."""


class Network(Section):
    """The network of the cluster."""

    zones: Annotated[tuple[Zone, ...], Field(min_length=1, max_length=3)]
    """Availability zones in an order that never changes: a zone added at the end moves nothing."""
    cidr: Cidr
    """Addresses of the stack's own VPC; every zone takes fixed parts. Unused with `existing`."""
    nat: Literal["none", "one", "per-zone"]
    """The servers' way out to the internet: mail, payment, package updates. Each gateway costs by
    the hour; with `one`, all zones lose their way out with its zone. Unused with `existing`."""
    interface_endpoints: bool
    """Private ways to the AWS services that the nodes need, each with its cost by the hour; needed
    where there is no NAT. The one to S3 is free and always there. Unused with `existing`."""
    s3_buckets: tuple[BucketName, ...]
    """Further buckets of this region, of other accounts, that the servers may read and write by
    links that are signed there, as a partner's or an agent's. Unused with `existing`."""
    flow_logs: bool
    """Records of all connections, for `monitoring.logRetentionDays`. Unused with `existing`."""
    existing: ExistingNetwork | None
    """A VPC that is there already; null makes one."""
