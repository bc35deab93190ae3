"""The stacks on AWS as their own files have them, and such a stack with some settings changed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

import yaml

from components.program import program
from settings.sections import laid_over
from tests.support.recorder import Recording, record

StackName = Literal["dev", "staging", "prod", "recovery"]
STACKS: Final[tuple[StackName, ...]] = ("dev", "staging", "prod")

_FOLDER: Final = Path(__file__).resolve().parents[3] / "stacks"


def configuration(stack: StackName) -> dict[str, Any]:
    """Section → key → value of the stack's file."""
    written = yaml.safe_load((_FOLDER / f"Pulumi.{stack}.yaml").read_text())["config"]
    return {key.removeprefix("scipio:"): value for key, value in written.items()}


def record_aws(
    stack: StackName, changes: Mapping[str, Any] | None = None, *, preview: bool = False
) -> Recording:
    """What the program registers for the stack, `changes` laid over its file."""
    config = {
        f"scipio:{key}": value
        for key, value in laid_over(configuration(stack), changes or {}).items()
    }
    return record(program, stack=stack, config=config, preview=preview)
