"""The ERP's own paths lead to the folder that all nodes share."""

from pathlib import Path

import pytest

from node.errors import ConfigurationError
from node.shared_files import TREE_LINKS, lead_to_shared_files, make_tree_links


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A tree as it is built: an empty folder for uploads, images of its own."""
    (tmp_path / "home" / "runtime" / "uploads").mkdir(parents=True)
    (tmp_path / "home" / "runtime" / "output").mkdir()
    (tmp_path / "home" / "framework" / "images" / "webapp" / "images").mkdir(parents=True)
    return tmp_path / "home"


@pytest.fixture
def link(tmp_path: Path) -> Path:
    return tmp_path / "run" / "shared"


def test_what_one_node_uploads_another_reads_at_the_same_path(
    home: Path, link: Path, tmp_path: Path
) -> None:
    """First the image's links, then at each boot the one that leads to the volume."""
    assert set(make_tree_links(home, link)) == set(TREE_LINKS)
    volume = tmp_path / "volume"
    volume.mkdir()
    link.parent.mkdir()
    lead_to_shared_files(link, volume)
    (home / "runtime" / "uploads" / "1700000000000").mkdir()
    (home / "framework/images/webapp/images/shared/products.txt").write_text("a picture")
    assert (volume / "uploads" / "1700000000000").is_dir()
    assert (volume / "images" / "products.txt").read_text() == "a picture"
    (home / "runtime" / "output" / "order_10000.pdf").write_text("printed by a job")
    assert (volume / "output" / "order_10000.pdf").read_text() == "printed by a job"


def test_a_second_image_build_and_a_second_boot_change_nothing(
    home: Path, link: Path, tmp_path: Path
) -> None:
    make_tree_links(home, link)
    assert make_tree_links(home, link) == ()
    link.parent.mkdir()
    for volume in (tmp_path / "one", tmp_path / "two"):
        volume.mkdir()
        lead_to_shared_files(link, volume)
        lead_to_shared_files(link, volume)
        assert link.readlink() == volume
    assert [path.name for path in link.parent.iterdir()] == ["shared"]


def test_a_tree_without_an_image_folder_gets_no_link_for_images(tmp_path: Path, link: Path) -> None:
    assert make_tree_links(tmp_path / "bare", link) == ("runtime/uploads", "runtime/output")


def test_uploads_that_a_tree_already_has_are_not_hidden(home: Path, link: Path) -> None:
    """Behind a link nobody would find them again."""
    (home / "runtime" / "uploads" / "letter.pdf").touch()
    with pytest.raises(ConfigurationError, match="runtime/uploads: cannot become a link"):
        make_tree_links(home, link)


def test_a_file_in_a_links_place_is_refused(home: Path, link: Path) -> None:
    (home / "framework/images/webapp/images/shared").touch()
    with pytest.raises(ConfigurationError, match="images/shared: is no folder"):
        make_tree_links(home, link)


def test_a_volume_that_is_not_there_ends_the_boot(link: Path) -> None:
    """Before anybody's upload is lost."""
    with pytest.raises(
        ConfigurationError, match=r"sharedFiles\.path: /none/at/all/uploads: No such"
    ):
        lead_to_shared_files(link, Path("/none/at/all"))
