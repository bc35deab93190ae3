"""The two trees written for these tests."""

import pytest

from templates.overlay.overlay import OverlaySource
from tests.templates.tree import TREES, read_tree


@pytest.fixture
def stock() -> OverlaySource:
    """The shape of a fresh release."""
    return read_tree(TREES / "stock")


@pytest.fixture
def customised() -> OverlaySource:
    """What a user made of one."""
    return read_tree(TREES / "customised")
