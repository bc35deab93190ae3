"""The project's own Python files, without caches, environments and build folders."""

import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]

_NOT_OURS = {"__pycache__", "artifacts", "site-packages", "target", "build", "dist", "venv"}


def python_files(root: Path = ROOT) -> Iterator[Path]:
    """Paths relative to `root`, in order."""
    for folder, below, names in os.walk(root):
        below[:] = sorted(
            name for name in below if not name.startswith(".") and name not in _NOT_OURS
        )
        for name in sorted(names):
            if name.endswith(".py"):
                yield (Path(folder) / name).relative_to(root)
