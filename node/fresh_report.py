"""Reports that another process of the node writes again and again: only a fresh one counts."""

import json
import time
from pathlib import Path
from typing import Any

CLOCK_STEP_S = 1.0
"""A report that comes from further in the future was written before the clock was set back."""


def fresh_report(path: Path, max_age_s: float) -> dict[str, Any] | None:
    """A JSON object whose `at` (Unix seconds) is not older; None: there is no such one now.

    A report from before the clock was set back counts as old: its age is not known.
    """
    try:
        said = json.loads(path.read_bytes())
        age_s = time.time() - said["at"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return said if -CLOCK_STEP_S <= age_s <= max_age_s else None
