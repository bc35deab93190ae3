"""A preview of a stack on AWS for a person without an account there.

The engine finds a double of AWS where it looks for the released plugin. It previews and never makes
anything: it has no place to keep what it would make.
"""

import shutil
from pathlib import Path

from automation.paths import CACHE, PYTHON, ROOT
from settings.stack_file import STACK_FOLDER, stack_path

FOLDER = CACHE / "pulumi" / "offline-preview"
PROJECT = CACHE / "offline-project"
"""A copy of the project file and of one stack file, for the engine to write in as it likes; its
empty state is beside them."""

PLUGINS = ("aws", "docker")
"""The second one for images that would be built and pushed."""

LAUNCHER = """#!/bin/sh
# Answers previews in the place of AWS; makes nothing.
unset AWS_DOUBLE_STATE
export AWS_DOUBLE_PLUGIN={plugin}
PYTHONPATH="{root}${{PYTHONPATH:+:$PYTHONPATH}}" exec "{python}" -u -m tests.engine.doubles.aws "$@"
"""


def ensure() -> Path:
    """The folder with the double's launchers, to put in front of the engine's PATH."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for plugin in PLUGINS:
        launcher = FOLDER / f"pulumi-resource-{plugin}"
        text = LAUNCHER.format(root=ROOT, python=PYTHON, plugin=plugin)
        launcher.write_text(text, encoding="utf-8")
        launcher.chmod(0o755)
    return FOLDER


def project(stack: str) -> Path:
    """A folder in which the engine finds the project and the stack, as they are now."""
    shutil.rmtree(PROJECT, ignore_errors=True)
    copied = stack_path(stack, PROJECT / STACK_FOLDER)
    copied.parent.mkdir(parents=True)
    shutil.copy(ROOT / "Pulumi.yaml", PROJECT)
    shutil.copy(stack_path(stack, ROOT / STACK_FOLDER), copied)
    return PROJECT
