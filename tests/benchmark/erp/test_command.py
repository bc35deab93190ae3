"""Whoever names a stack that cannot be measured is told so before anything is touched."""

import pytest

from automation.errors import WrongPlatformError
from tests.benchmark.erp.__main__ import compare


@pytest.mark.parametrize(
    ("stack", "reason"),
    [
        ("local", "Stack local runs no ERP on this machine"),
        ("prod", "Stack prod runs on aws, and `make erp-cache-clear-bench` is for clusters on one"),
    ],
)
def test_a_stack_without_the_erp_on_this_machine_is_refused(stack: str, reason: str) -> None:
    with pytest.raises(WrongPlatformError, match=reason):
        compare(stack)
