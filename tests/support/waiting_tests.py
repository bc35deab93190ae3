"""Tests that wait for time-outs run first and each for itself, beside each other.

A file of such tests on one worker takes the sum of its waits, and needs hardly any CPU meanwhile.
All other files stay whole, so that the tests of one file share its servers.
"""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

WAITING_FILES = (
    "tests/cluster_component/test_random_faults.py",
    "tests/node/life/test_two_nodes_with_one_id.py",
    "tests/node/test_draining.py",
    "tests/node/test_frozen_node.py",
    "tests/node/test_reference_node.py",
    "tests/node/test_standing_still.py",
    "tests/node/test_whole_node.py",
    "tests/reference_node/test_vanished_database.py",
)
"""Their tests share no server but those of the whole run."""


def waits(nodeid: str) -> bool:
    """Whether the test may run apart from the others of its file."""
    return _file_of(nodeid) in WAITING_FILES


class WaitingTestsApart(LoadFileScheduling):
    """One file on one worker, but for tests that wait."""

    def _split_scope(self, nodeid: str) -> str:
        return nodeid if waits(nodeid) else _file_of(nodeid)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that wait come first; else the order stays."""
    items.sort(key=lambda item: not waits(item.nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> WaitingTestsApart | None:
    """For `--dist loadfile`."""
    return WaitingTestsApart(config, log) if config.getoption("dist") == "loadfile" else None


def _file_of(nodeid: str) -> str:
    return nodeid.split("::", 1)[0]
