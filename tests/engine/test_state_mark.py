"""The mark lives in the engine's own state: drawn once, read back, and gone with the stack."""

import pytest

from automation.stack_state import StackState
from components.generated.state_mark import StateMark
from tests.engine.aws_stack import AwsStack

pytestmark = pytest.mark.engine


def mark_of(stack: AwsStack) -> str | None:
    return StackState.of("here", {"resources": stack.exported()}).mark


def program() -> None:
    StateMark("state-mark")


def test_it_is_drawn_once_and_gone_with_the_stack(aws_stack: AwsStack) -> None:
    assert mark_of(aws_stack) is None
    assert aws_stack.up(program).error == ""
    drawn = mark_of(aws_stack)
    assert drawn is not None
    assert aws_stack.up(program, refresh=True).changed == set()
    assert mark_of(aws_stack) == drawn
    aws_stack.destroy()
    assert mark_of(aws_stack) is None
    aws_stack.up(program)
    assert mark_of(aws_stack) not in {None, drawn}
