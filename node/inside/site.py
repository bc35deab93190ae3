"""What every look has at hand."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from contract.cluster_document import ClusterDocument
from contract.inside_report import InsideResult
from contract.names import InstanceId, NodeRole
from node.paths import NodePaths
from node.secrets import SecretStore


@dataclass(frozen=True, kw_only=True)
class Site:
    """One node, as its platform gave it."""

    document: ClusterDocument
    instance_id: InstanceId
    role: NodeRole
    paths: NodePaths
    secrets: SecretStore = field(repr=False)


Look = Callable[[Site], Iterator[InsideResult]]
"""Yields its lines one by one, so that what was found before a failure is not lost."""
