"""`scipio:balancer` on AWS: the Application Load Balancer in front of the nodes."""

from typing import Annotated

from pydantic import Field

from contract.names import Cidr, Host, PathPrefix, StickinessSeconds
from settings.aws.catalogue import TlsPolicy
from settings.maintenance import Maintenance
from settings.visitor_paths import VisitorPaths


class LoadBalancer(VisitorPaths):
    """The load balancer in front of the nodes."""

    host: Host
    """The name visitors type: links in pages and e-mails and the certificate carry it."""
    stickiness_s: StickinessSeconds
    """How long a visitor stays on its node, and on its colour."""
    root_redirect: PathPrefix
    """Where `/` leads: the ERP has no page there."""
    maintenance: Maintenance | None
    """A page in the place of the cluster, for as long as it is set; null: visitors are served."""
    tls_policy: TlsPolicy
    """Which versions and ciphers of TLS visitors may use."""
    idle_timeout_s: Annotated[int, Field(ge=1, le=4000)]
    """A request that says nothing for so long is cut off: longer than the longest report."""
    allowed_cidrs: Annotated[tuple[Cidr, ...], Field(min_length=1)]
    """Who may reach the cluster at all."""
    back_office_cidrs: tuple[Cidr, ...]
    """Who may reach what is not in `publicPaths`; empty: everyone in `allowedCidrs`."""
    access_logs: bool
    """Whether every request is logged to a bucket of the stack."""
    access_log_retention_days: Annotated[int, Field(ge=1, le=3653)]
    """How long the bucket keeps them."""
    slow_start_s: Annotated[int, Field(ge=0, le=900)]
    """A node new in the group takes its full share after so long; 0 at once, else from 30."""
    deregistration_delay_s: Annotated[int, Field(ge=0, le=3600)]
    """How long requests under way may take to end when their node leaves. It does not keep
    sessions: the next request already goes elsewhere."""
    health_interval_s: Annotated[int, Field(ge=5, le=300)]
    """Time between two health checks of a node."""
    health_timeout_s: Annotated[int, Field(ge=2, le=120)]
    """A check without an answer for so long has failed."""
    healthy_threshold: Annotated[int, Field(ge=2, le=10)]
    """Good checks in a row until a node gets visitors."""
    unhealthy_threshold: Annotated[int, Field(ge=2, le=10)]
    """Failed checks in a row until it gets no more. It keeps its server: a JVM that is silent for
    `nodes.silenceTimeoutS` is ended by its agent, and started again."""
