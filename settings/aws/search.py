"""`scipio:search`: the one Solr of all nodes."""

from typing import Annotated, Literal

from pydantic import Field

from contract.names import Port
from settings.aws.catalogue import InstanceType
from settings.section import Section


class Search(Section):
    """Product search: one Solr for all nodes, because indexes of their own go apart."""

    mode: Literal["off", "solr"]
    """`solr` runs one server for it; `off` leaves the shop without a search."""
    instance_type: InstanceType
    """Size of its server, of the architecture of `servers`."""
    port: Port
    """Where it answers the nodes, and nobody else."""
    heap_mib: Annotated[int, Field(ge=128, le=65_536)] | None
    """The largest heap of its JVM; null takes what the server's memory allows."""
    volume_gib: Annotated[int, Field(ge=16, le=2048)]
    """Encrypted gp3 disk of its server, with the index."""
