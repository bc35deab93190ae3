"""Programs that the engine finds on its PATH and starts: this checkout's Python with a module."""

import os
import shlex
import tempfile
from collections.abc import Sequence
from pathlib import Path

from automation.paths import PYTHON, ROOT

LAUNCHER = """#!/bin/sh
# {purpose}
{before}PYTHONPATH={root}"${{PYTHONPATH:+:$PYTHONPATH}}" exec {python} -u -m {module} "$@"
"""


def write_launcher(path: Path, *, module: str, purpose: str, before: Sequence[str] = ()) -> None:
    """An executable at `path`; one that is right already stays, for others may be starting it.

    The checkout's path may have spaces, quotes and dollar signs. `before` are lines of the shell.
    """
    text = LAUNCHER.format(
        purpose=purpose,
        before="".join(f"{line}\n" for line in before),
        root=shlex.quote(str(ROOT)),
        python=shlex.quote(str(PYTHON)),
        module=module,
    ).encode("utf-8", "surrogateescape")
    if path.is_file() and path.read_bytes() == text and os.access(path, os.X_OK):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as partial:
        partial.write(text)
    Path(partial.name).chmod(0o755)
    Path(partial.name).replace(path)
