"""What is one node's own; all else of an overlay is in the document."""

from dataclasses import dataclass

from contract.names import InstanceId, NodeRole


@dataclass(frozen=True, kw_only=True)
class OverlayNode:
    """The node that an overlay is made for."""

    instance_id: InstanceId
    role: NodeRole = "app"
    incarnation: str | None = None
    """Names this run of the node, in characters that need no quotes; None: its JVM's sessions do
    not say which run they belong to."""
