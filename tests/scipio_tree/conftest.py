"""A fresh small tree for each test."""

from pathlib import Path

import pytest

from tests.scipio_tree.small_tree import small_tree


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return small_tree(tmp_path / "scipio")
