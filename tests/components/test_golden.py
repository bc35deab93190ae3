"""Everything that each stack registers, kept as a text that a review can read.

`make golden` (or pytest's `--snapshot-update`) accepts what the program registers now; the
difference then stands in the commit.
"""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.components.aws.stacks import STACKS, StackName
from tests.components.normal_form import reviewable
from tests.support.recorder import Recording

GOLDEN = Path(__file__).resolve().parents[1] / "golden"


def compare(stack: str, recording: Recording, pytestconfig: pytest.Config) -> None:
    golden = GOLDEN / f"registrations.{stack}.yaml"
    registered = reviewable(recording)
    if pytestconfig.getoption("update_snapshots"):
        golden.write_text(registered)

    reviewed = golden.read_text() if golden.exists() else ""

    assert registered == reviewed, "Read the difference; `make golden` accepts it."


def test_the_stack_local_registers_what_was_reviewed(
    local: Recording, pytestconfig: pytest.Config
) -> None:
    """A change of any input is seen before it replaces a container."""
    compare("local", local, pytestconfig)


@pytest.mark.parametrize("stack", STACKS)
def test_a_stack_on_aws_registers_what_was_reviewed(
    stack: StackName, on_aws: Mapping[StackName, Recording], pytestconfig: pytest.Config
) -> None:
    """A change of any input is seen before it replaces a server, a broker or a database."""
    compare(stack, on_aws[stack], pytestconfig)
