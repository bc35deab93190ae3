"""A preview of a stack on AWS for a person without an account there.

The engine finds a double of AWS where it looks for the released plugin. It previews and never makes
anything: it has no place to keep what it would make.
"""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from automation.launchers import write_launcher
from automation.paths import CACHE, ROOT
from settings.stack_file import STACK_FOLDER, stack_path

FOLDER = CACHE / "pulumi" / "offline-preview"
PROJECTS = CACHE / "offline-projects"
"""A folder for each run: a copy of the project file and of one stack file, for the engine to write
in as it likes; its empty state is beside them."""
LEFT_AFTER_S = 24 * 3600
"""A folder as old as that is of a run that was killed."""

PLUGINS = ("aws", "docker")
"""The second one for images that would be built and pushed."""


def ensure() -> Path:
    """The folder with the double's launchers, to put in front of the engine's PATH."""
    for plugin in PLUGINS:
        write_launcher(
            FOLDER / f"pulumi-resource-{plugin}",
            module="tests.engine.doubles.aws",
            purpose="Answers previews in the place of AWS; makes nothing.",
            before=("unset AWS_DOUBLE_STATE", f"export AWS_DOUBLE_PLUGIN={plugin}"),
        )
    return FOLDER


@contextmanager
def project(stack: str) -> Iterator[Path]:
    """A folder of this run alone, in which the engine finds the project and the stack as they are
    now; it is gone afterwards."""
    PROJECTS.mkdir(parents=True, exist_ok=True)
    _remove_what_killed_runs_left()
    with tempfile.TemporaryDirectory(
        dir=PROJECTS, prefix=f"{stack}-", ignore_cleanup_errors=True
    ) as name:
        folder = Path(name)
        copied = stack_path(stack, folder / STACK_FOLDER)
        copied.parent.mkdir(parents=True)
        shutil.copy(ROOT / "Pulumi.yaml", folder)
        shutil.copy(stack_path(stack, ROOT / STACK_FOLDER), copied)
        yield folder


def _remove_what_killed_runs_left() -> None:
    for folder in PROJECTS.iterdir():
        try:
            age_s = time.time() - folder.stat().st_mtime
        except FileNotFoundError:
            continue
        if age_s > LEFT_AFTER_S:
            shutil.rmtree(folder, ignore_errors=True)
