"""`membership.json`: what PID 1 and the inside checks know of this node's place in the cluster."""

import json
import time
from pathlib import Path

from node.life.decision import State, Step
from node.private_file import write_private


def write_membership(
    path: Path, instance_id: str, step: Step, confirmed_uptime_s: float | None
) -> None:
    """`path` says what was decided; whole, mode 0600. Absent until the database has answered, or
    has not for longer than the limit.

    `confirmed_uptime_s`: the host's uptime before the last heartbeat that the database took.
    """
    now = step.situation
    if now.state is None:
        return
    report = {
        "at": time.time(),
        "state": now.state,
        "confirmedUptimeS": None if now.state is State.FENCED else confirmed_uptime_s,
        "instanceId": instance_id,
        "runningJobs": now.running_jobs,
        "liveNodes": list(now.live_nodes),
        "poolStuckS": round(now.pool_stuck_s, 1),
        "sentence": step.sentence,
    }
    write_private(path, json.dumps(report).encode())
