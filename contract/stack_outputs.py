"""What a deployed stack says of itself: the acceptance checks read nothing else."""

from typing import Literal

from contract.model import Contract
from contract.names import Host, InstanceId, PemText, Port
from contract.routing import RoutingRules


class NodeOutput(Contract):
    """One node. `container` is its Docker name; None on a platform without containers."""

    instance_id: InstanceId
    container: str | None = None


class BrokerOutput(Contract):
    """One broker of the pair."""

    name: str
    container: str | None = None


class DatabaseOutput(Contract):
    host: Host
    port: Port
    name: str
    app_user: str
    container: str | None = None


class BalancerOutput(Contract):
    """`statistics_url` is HAProxy's page; append `;json` for machines. None on AWS."""

    https_url: str
    http_url: str
    statistics_url: str | None = None
    container: str | None = None


class StackOutputs(Contract):
    """The stack's one structured output, named `cluster`."""

    outputs_version: Literal[1] = 1
    cluster: str
    platform: Literal["docker", "aws"]
    implementation: Literal["reference", "scipio"]
    """`reference`: the reference node answers; checks that need its pages run only then."""
    balancer: BalancerOutput
    ca_certificate: PemText | None = None
    """The stack's own authority, against which checks verify TLS; None: a public one."""
    routing: RoutingRules
    nodes: tuple[NodeOutput, ...]
    """Those that new visitors get."""
    drained_nodes: tuple[NodeOutput, ...] = ()
    """Those of another release: their visitors stay, and no new ones come."""
    search_node: NodeOutput | None = None
    """It answers searches: in the cluster as the others are, and no visitor gets there."""
    brokers: tuple[BrokerOutput, ...]
    database: DatabaseOutput

    @property
    def members(self) -> tuple[NodeOutput, ...]:
        """Every node in the table of heartbeats: those that serve, are drained, or search."""
        search = () if self.search_node is None else (self.search_node,)
        return (*self.nodes, *self.drained_nodes, *search)
