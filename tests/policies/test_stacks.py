"""The stacks of this project keep every rule of their profile, as planned and as made."""

from pathlib import Path

import pytest
import yaml

from components.program import program
from policies.rule import Profile, Resource
from policies.rules import faults_of
from tests.support.recorder import record

STACKS = Path(__file__).resolve().parents[2] / "stacks"


@pytest.mark.parametrize(
    ("stack", "preview"),
    [("dev", False), ("staging", False), ("prod", False), ("prod", True)],
)
def test_the_stack_keeps_every_rule(stack: Profile, preview: bool) -> None:
    text = (STACKS / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8")
    recording = record(program, stack=stack, config=yaml.safe_load(text)["config"], preview=preview)
    resources = [Resource(type=each.type, name=each.name, inputs=each.inputs) for each in recording]
    assert len(resources) > 100
    assert faults_of(resources, stack) == []
