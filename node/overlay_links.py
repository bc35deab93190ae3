"""Links from the tree into the overlay, made when the image is built and the tree is writable."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from shutil import move

from node.errors import ConfigurationError
from node.paths import originals_folder, run_folder, shared_files_link
from node.shared_files import TREE_LINKS, make_tree_links
from templates.overlay.files import OVERLAY_FILES, OverlayFile


@dataclass(frozen=True, kw_only=True)
class LinkedTree:
    """A tree, the overlay that its links lead to, and where replaced files are kept."""

    home: Path
    overlay: Path
    originals: Path

    def link(self) -> tuple[str, ...]:
        """Every link is there; returns those that were made now.

        A file that a link replaces moves to `originals`, under the same path. Raises
        ConfigurationError, before anything is changed, when the tree is not as expected.
        """
        wanted = self.linked_files
        faults = [fault for file in wanted for fault in self._faults(file)]
        if faults:
            raise ConfigurationError("\n".join(faults))
        return tuple(file.path for file in wanted if self._link(file))

    @property
    def linked_files(self) -> tuple[OverlayFile, ...]:
        """A link in the place of a file that the tree need not have is only where it has it."""
        return tuple(
            file
            for file in OVERLAY_FILES
            if file.placement == "root"
            or (file.placement == "in-place" and (file.required or self._has(file)))
        )

    def _has(self, file: OverlayFile) -> bool:
        return any(self.source(source) is not None for source in file.sources)

    def source(self, path: str) -> Path | None:
        """The tree's own file of this path, wherever it is now; None when the tree has none."""
        places = (self.home / path, self.originals / path)
        return next(
            (place for place in places if place.is_file() and not self._is_ours(place)), None
        )

    def _faults(self, file: OverlayFile) -> list[str]:
        place = self.home / file.path
        if place.is_symlink() and not self._is_ours(place):
            return [
                f"{place}: is a link to {place.readlink()}; must be a file of the tree or not "
                "there. Put the file itself in its place."
            ]
        if file.required and all(self.source(source) is None for source in file.sources):
            return [
                f"{self.home}: none of {', '.join(file.sources)} is there. "
                "It must be the folder of a built Scipio tree."
            ]
        return []

    def _link(self, file: OverlayFile) -> bool:
        place = self.home / file.path
        if self._is_ours(place):
            return False
        if place.exists():
            kept = self.originals / file.path
            kept.parent.mkdir(parents=True, exist_ok=True)
            move(place, kept)
        place.symlink_to(self.overlay / file.path)
        return True

    def _is_ours(self, place: Path) -> bool:
        return place.is_symlink() and place.readlink().is_relative_to(self.overlay)


def link_and_report(home: Path) -> int:
    """Makes the links and says which; returns the exit code."""
    tree = LinkedTree(
        home=home,
        overlay=run_folder(os.environ) / "overlay",
        originals=originals_folder(os.environ),
    )
    try:
        made = tree.link()
        make_tree_links(home, shared_files_link(run_folder(os.environ)))
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print(
        f"{home}: {len(made)} links into {tree.overlay} made{''.join(f' {path}' for path in made)}."
    )
    print(f"{home}: to the shared files lead {', '.join(TREE_LINKS)}.")
    return 0
