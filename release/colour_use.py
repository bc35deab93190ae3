"""Where the use of a colour is seen: at the load balancer of AWS, or at HAProxy."""

from collections.abc import Mapping
from typing import Any

from release.evidence import Use
from release.haproxy_servers import use_of_servers
from release.target_group import use_of_target_group

Place = Mapping[str, Any]
"""Of AWS `region`, `targetGroup` and `loadBalancer`; of HAProxy `statisticsUrl`."""


def use_of(colour: str, place: Place, stickiness_s: float) -> Use:
    """How the colour is used now. Raises `EvidenceError`, `CloudError`."""
    if "statisticsUrl" in place:
        return use_of_servers(statistics_url=place["statisticsUrl"], colour=colour)
    return use_of_target_group(
        region=place["region"],
        target_group=place["targetGroup"],
        load_balancer=place["loadBalancer"],
        stickiness_s=stickiness_s,
    )
