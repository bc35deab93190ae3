"""Links from the tree into the overlay, made when an image is built."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from node.errors import ConfigurationError
from node.overlay_links import LinkedTree
from templates.overlay.files import OVERLAY_FILES

PROJECT = Path(__file__).resolve().parents[2]
CONNECTORS = "framework/catalina/scipio-component.xml"


@pytest.fixture
def tree(tmp_path: Path) -> LinkedTree:
    """A tree with every file that the overlay needs, none at its root."""
    home = tmp_path / "home"
    for file in OVERLAY_FILES:
        for source in file.sources[-1:]:
            (home / source).parent.mkdir(parents=True, exist_ok=True)
            (home / source).write_text(f"own {source}")
    return LinkedTree(home=home, overlay=tmp_path / "overlay", originals=tmp_path / "originals")


def test_every_file_that_must_win_becomes_a_link(tree: LinkedTree) -> None:
    """At the root, or in the place of the tree's own file."""
    made = tree.link()
    linked = {file.path for file in OVERLAY_FILES if file.placement != "beside"}
    assert set(made) == linked
    for path in linked:
        assert (tree.home / path).readlink() == tree.overlay / path


def test_the_file_under_a_link_in_place_is_kept(tree: LinkedTree) -> None:
    """The agent merges into it at every boot."""
    tree.link()
    assert (tree.originals / CONNECTORS).read_text() == f"own {CONNECTORS}"
    assert tree.source(CONNECTORS) == tree.originals / CONNECTORS


def test_a_users_own_file_at_the_root_is_kept_and_still_the_source(tree: LinkedTree) -> None:
    """Who customised the root's entityengine.xml does not lose it."""
    (tree.home / "entityengine.xml").write_text("customised")
    tree.link()
    source = tree.source("entityengine.xml")
    assert source is not None
    assert source.read_text() == "customised"


def test_a_second_run_changes_nothing(tree: LinkedTree) -> None:
    tree.link()
    assert tree.link() == ()
    assert (tree.originals / CONNECTORS).read_text() == f"own {CONNECTORS}"


def test_a_run_that_was_cut_off_is_finished_by_the_next(tree: LinkedTree) -> None:
    """The file was moved away and the link not made yet."""
    kept = tree.originals / CONNECTORS
    kept.parent.mkdir(parents=True)
    (tree.home / CONNECTORS).rename(kept)
    assert CONNECTORS in tree.link()
    assert tree.source(CONNECTORS) == kept


def test_a_folder_that_is_no_tree_is_refused_untouched(tree: LinkedTree) -> None:
    """Every missing file is named, and no link is made."""
    (tree.home / CONNECTORS).unlink()
    (tree.home / "framework/entity/config/entityengine.xml").unlink()
    with pytest.raises(ConfigurationError) as refusal:
        tree.link()
    assert CONNECTORS in str(refusal.value)
    assert "framework/entity/config/entityengine.xml" in str(refusal.value)
    assert not [path for path in tree.home.rglob("*") if path.is_symlink()]


def test_somebody_elses_link_is_refused(tree: LinkedTree) -> None:
    (tree.home / "jndi.properties").symlink_to("/elsewhere")
    with pytest.raises(ConfigurationError, match="is a link to /elsewhere"):
        tree.link()


def test_the_command_makes_the_links(tree: LinkedTree, tmp_path: Path) -> None:
    """As the image's build calls it."""
    result = _command(tree.home, tmp_path)
    assert result.returncode == 0, result.stderr
    assert (tree.home / CONNECTORS).readlink() == tmp_path / "run" / "overlay" / CONNECTORS


def test_the_command_fails_with_one_message(tmp_path: Path) -> None:
    """An image must not be built from what is no tree."""
    result = _command(tmp_path, tmp_path)
    assert result.returncode == 78
    assert "must be the folder of a built Scipio tree" in result.stderr
    assert "Traceback" not in result.stderr


def _command(home: Path, folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "node", "link-overlay", "--home", str(home)],
        cwd=PROJECT,
        env={
            **os.environ,
            "SCIPIO_RUN_FOLDER": str(folder / "run"),
            "SCIPIO_ORIGINALS_FOLDER": str(folder / "originals"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
