"""The table of recoveries: the longest of each fault, from every process of a run."""

import pytest

pytest_plugins = ["pytester"]

RUN = """
import pytest

@pytest.mark.parametrize("seconds", [1.5, 12.25, 3.0])
def test_recovery(longest_seen, seconds):
    longest_seen("the broker is killed", seconds)
    longest_seen("the database vanishes", seconds / 10)
"""


@pytest.mark.parametrize("arguments", [(), ("-n", "2")])
def test_longest_of_each_fault_is_printed(
    pytester: pytest.Pytester, arguments: tuple[str, ...]
) -> None:
    pytester.makepyfile(RUN)
    pytester.makeconftest('pytest_plugins = ["tests.support.longest_seen"]')
    done = pytester.runpytest(*arguments)
    done.stdout.fnmatch_lines(
        ["*longest seen*", "    12.2 s  the broker is killed", "     1.2 s  the database vanishes"]
    )


def test_a_run_without_recoveries_prints_no_table(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_nothing(): pass")
    pytester.makeconftest('pytest_plugins = ["tests.support.longest_seen"]')
    assert "longest seen" not in pytester.runpytest().stdout.str()
