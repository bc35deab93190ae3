"""Whoever names a stack that cannot be measured is told so before anything is touched."""

import pytest

from automation.errors import WrongPlatformError
from tests.benchmark.erp.__main__ import compare


@pytest.mark.parametrize("stack", ["local", "prod"])
def test_a_stack_without_the_erp_on_this_machine_is_refused(stack: str) -> None:
    with pytest.raises(WrongPlatformError, match=rf"Stack {stack} runs no ERP on this machine"):
        compare(stack)
