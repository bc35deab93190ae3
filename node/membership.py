"""What the companion says of the node's place among the others: `membership.json`."""

from dataclasses import dataclass
from pathlib import Path

from node.fresh_report import fresh_report

MAX_AGE_S = 30.0
"""Older than this it says nothing any more: the companion hangs, or is gone."""

LEASE_S = 20.0
"""How long a node serves visitors after the database last confirmed that it is one of the cluster.
Four heartbeats; less than half of the time after which the others give it up."""

ALIVE = "alive"
DRAINING = "draining"
FENCED = "fenced"
"""The others have given this node up and run its jobs: it must not go on with them."""


@dataclass(frozen=True, kw_only=True)
class Membership:
    """The fields that decide something; others are for people."""

    state: str
    running_jobs: int
    pool_stuck_s: float = 0
    """For how long the JVM's whole pool has stood idle in transaction."""
    sentence: str = ""
    confirmed_uptime_s: float | None = None
    """The host's uptime (`node.uptime`) at which the database last confirmed the membership."""


def read_membership(path: Path) -> Membership | None:
    """None: the companion has not said anything of late."""
    said = fresh_report(path, MAX_AGE_S)
    if said is None:
        return None
    confirmed = said.get("confirmedUptimeS")
    try:
        return Membership(
            state=str(said["state"]),
            running_jobs=int(said["runningJobs"]),
            pool_stuck_s=float(said.get("poolStuckS", 0)),
            sentence=str(said.get("sentence", "")),
            confirmed_uptime_s=None if confirmed is None else float(confirmed),
        )
    except (KeyError, TypeError, ValueError):
        return None
