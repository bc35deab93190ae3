"""`membership.json`: what PID 1 and the inside checks know of this node's place in the cluster."""

import json
import time
from pathlib import Path

from node.life.decision import Step
from node.private_file import write_private


def write_membership(path: Path, instance_id: str, step: Step) -> None:
    """`path` says what was decided; whole, mode 0600. Absent until the database has answered, or
    has not for longer than the limit."""
    now = step.situation
    if now.state is None:
        return
    report = {
        "at": time.time(),
        "state": now.state,
        "instanceId": instance_id,
        "runningJobs": now.running_jobs,
        "liveNodes": list(now.live_nodes),
        "sentence": step.sentence,
    }
    write_private(path, json.dumps(report).encode())
