"""Importing the program loads none of AWS's services: each is loaded where something is made."""

import ast
import subprocess
import sys
from pathlib import Path

from components.aws.services import USED

ROOT = Path(__file__).resolve().parents[3]

PROGRAM = """
import sys
import components.program
import components.aws.platform
heavy = sorted(
    name for name in sys.modules
    if (name.startswith("pulumi_aws.") and name.endswith(("._inputs", ".outputs")))
    or name == "pulumi_docker"
)
print(" ".join(heavy))
"""


def test_importing_the_program_loads_no_service_of_aws() -> None:
    """Each takes a tenth of a second to a second, whether the stack has something of it or not.

    A type in an annotation loads its service: such annotations are in quotes.
    """
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert set(done.stdout.split()) <= {"pulumi_aws._inputs", "pulumi_aws.outputs"}


def test_what_is_loaded_ahead_is_what_the_components_use() -> None:
    """A service that is forgotten is loaded while the program runs, as it would be without it."""
    used = {
        alias.name
        for file in (ROOT / "components" / "aws").glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "pulumi_aws"
        for alias in node.names
    }

    assert set(USED) == used


def test_loading_ahead_leaves_nothing_to_load() -> None:
    loaded = "from components.aws import services; services.load(); import sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert {"pulumi_aws.wafv2.web_acl", "pulumi_aws.ec2._inputs"} <= set(done.stdout.split())


def test_what_was_loaded_ahead_is_searched_no_more_for_garbage() -> None:
    """A million objects that stay: to look through them at a program's end takes seconds."""
    frozen = (
        "import gc; from components.aws import services; services.load(); "
        "print(gc.get_freeze_count())"
    )
    done = subprocess.run(
        [sys.executable, "-c", frozen], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert int(done.stdout) > 100_000
