"""A choice that was made is kept by the engine's own state: another one ends a preview."""

import pytest

from components.generated.kept_choice import KeptChoice
from tests.engine.aws_stack import AwsStack

pytestmark = pytest.mark.engine


def choose(value: str) -> None:
    KeptChoice("key-choice", key="secrets.kmsKey", value=value, reason="Data would be lost.")


def test_another_choice_ends_the_preview_with_its_reason(aws_stack: AwsStack) -> None:
    assert aws_stack.up(lambda: choose("own")).steps == {"key-choice": ["create"]}
    assert aws_stack.preview(lambda: choose("own")).changed == set()

    refused = aws_stack.preview(lambda: choose("aws"))

    assert refused.said("secrets.kmsKey is own in this stack, and aws now: Data would be lost.")
