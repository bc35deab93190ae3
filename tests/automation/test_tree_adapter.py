"""The component's adapter is compiled against the tree that it will run in."""

from pathlib import Path
from zipfile import ZipFile

import pytest

from automation import tree_adapter
from automation.errors import CommandFailedError
from tests.support.java_artifacts import cluster_component


def test_a_tree_with_other_engines_is_refused_with_the_compiler_s_words(tmp_path: Path) -> None:
    cluster_component()
    with pytest.raises(CommandFailedError) as refused:
        tree_adapter.compile_against(tmp_path / "tree", tmp_path / "classes")
    assert "not Scipio 3's" in str(refused.value)
    assert "org.ofbiz" in str(refused.value)


@pytest.mark.real_erp
def test_equal_classes_are_an_equal_jar(scipio_home: Path) -> None:
    """Else every `make up` would replace all nodes."""
    cluster_component()
    jar = tree_adapter.ensure(scipio_home)
    first = jar.read_bytes()
    jar.unlink()
    (jar.parent.parent / ".tree.stamp").unlink()
    assert tree_adapter.ensure(scipio_home).read_bytes() == first
    with ZipFile(jar) as packed:
        assert "clustercacheclear/erp/WatchedTopicListener.class" in packed.namelist()
