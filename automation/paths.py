"""Where this checkout keeps what it makes. Everything here is ignored by git."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
"""Can be deleted at any time; the next command makes it again."""
STATE = ROOT / ".state"
"""The Pulumi state of local stacks. Deleting it orphans what the state describes."""

PYTHON = Path(sys.executable)
"""The interpreter of the project's virtual environment, with the locked packages."""
