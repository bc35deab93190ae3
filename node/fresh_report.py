"""Reports that another process of the node writes again and again: only a fresh one counts."""

import json
import time
from pathlib import Path
from typing import Any


def fresh_report(path: Path, max_age_s: float) -> dict[str, Any] | None:
    """A JSON object whose `at` (Unix seconds) is not older; None: there is no such one now."""
    try:
        said = json.loads(path.read_bytes())
        age_s = time.time() - said["at"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return said if age_s <= max_age_s else None
