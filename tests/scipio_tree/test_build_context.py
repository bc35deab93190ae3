"""The tar that the engine gets."""

import io
import tarfile
from pathlib import Path

from scipio_tree.build_context import build_context
from scipio_tree.contents import contents_of
from tests.scipio_tree.small_tree import small_tree


def packed(home: Path) -> bytes:
    target = io.BytesIO()
    with build_context(target) as context:
        context.add_tree("scipio", contents_of(home))
    return target.getvalue()


def test_equal_trees_make_equal_contexts(tmp_path: Path) -> None:
    """So the engine finds its layer again, on whatever machine and day the tree was built."""
    assert packed(small_tree(tmp_path / "a")) == packed(small_tree(tmp_path / "b"))


def test_it_holds_roots_files_that_everybody_may_read(home: Path) -> None:
    (home / "ofbiz.jar").chmod(0o600)
    with tarfile.open(fileobj=io.BytesIO(packed(home))) as tar:
        entries = {entry.name: entry for entry in tar.getmembers()}
    assert entries["scipio/ofbiz.jar"].mode == 0o644
    assert entries["scipio/start.sh"].mode == 0o755
    assert {(entry.uid, entry.gid, entry.mtime) for entry in entries.values()} == {(0, 0, 0)}


def test_links_and_rewritten_files_are_in_it(home: Path) -> None:
    (home / "applications" / "own").symlink_to("order")
    with tarfile.open(fileobj=io.BytesIO(packed(home))) as tar:
        link = tar.getmember("scipio/applications/own")
        listed = tar.extractfile("scipio/specialpurpose/component-load.xml")
        assert listed is not None
        text = listed.read()
    assert (link.issym(), link.linkname) == (True, "order")
    assert b"demosuite" not in text
    assert b"assetmaint" in text
