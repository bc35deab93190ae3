"""`health.json` and `ready` in the run folder: what the platform's health check reads."""

import json
import time
from pathlib import Path

from node.fresh_report import CLOCK_STEP_S
from node.private_file import write_private

READY_MAX_AGE_S = 15
"""Longer ago than this the agent itself hangs: `ready` counts no more."""


class HealthFile:
    """Whole after every cycle. The shape is `contract.health.HealthReport`, held by a test."""

    def __init__(self, folder: Path, instance_id: str) -> None:
        self._report = folder / "health.json"
        self._ready = folder / "ready"
        self._instance_id = instance_id

    def write(self, *, phase: str, ready: bool, sentence: str) -> None:
        """Says so in `health.json`; `ready` exists and is fresh only when `ready`."""
        if not ready:
            self._ready.unlink(missing_ok=True)
        report = {
            "reportVersion": 1,
            "instanceId": self._instance_id,
            "phase": phase,
            "ready": ready,
            "sentence": sentence,
            "observedAt": time.time(),
        }
        write_private(self._report, json.dumps(report).encode())
        if ready:
            self._ready.touch(mode=0o600)


def is_ready(folder: Path) -> bool:
    """The node serves, and its agent said so a moment ago."""
    try:
        age_s = time.time() - (folder / "ready").stat().st_mtime
    except FileNotFoundError:
        return False
    # From the future: written before the clock was set back.
    return -CLOCK_STEP_S <= age_s < READY_MAX_AGE_S
