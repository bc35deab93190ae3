"""`scipio:waf`: the web application firewall before the load balancer."""

from typing import Annotated, Literal

from pydantic import Field

from contract.names import PathPrefix
from settings.section import Section


class Waf(Section):
    """AWS WAF with Amazon's managed rules, tuned for the ERP's forms and uploads."""

    enabled: bool
    """Whether there is one; it costs by the month and by the request."""
    mode: Literal["count", "block"]
    """`count` lets everything pass and writes what `block` would have stopped: for a roll-out."""
    rate_limit: Annotated[int, Field(ge=10, le=2_000_000_000)] | None
    """Most requests of one address in five minutes. Those in `balancer.backOfficeCidrs` are not
    counted; another office behind one address shares it. Null: no limit."""
    upload_paths: tuple[PathPrefix, ...]
    """Each with all below: where bodies may be longer than 8 KB and hold markup though the path is
    in `balancer.publicPaths`, as a customer's upload needs. In the back office they pass at every
    request (`/<webapp>/control`), as large forms, uploads and editors need."""
    logging: bool
    """Whether stopped and counted requests are logged, for `monitoring.logRetentionDays`."""
