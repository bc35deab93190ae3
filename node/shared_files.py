"""The folder that all nodes share, and how the ERP's own paths lead into it.

Links of the image lead to a link in the agent's folder, and that one to wherever the document says:
the tree is read-only by the time anybody knows.
"""

import errno
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from node.errors import ConfigurationError

UPLOADS: Final = "uploads"
IMAGES: Final = "images"
OUTPUT: Final = "output"
TREE_LINKS: Final[Mapping[str, str]] = {
    "runtime/uploads": UPLOADS,
    "framework/images/webapp/images/shared": IMAGES,
    "runtime/output": OUTPUT,
}
"""Path in the tree → folder within the shared one. templates/overlay/system.properties.j2 names the
first two; Tomcat follows links (CatalinaContainer.java:599). The third is content.output.path of
content.properties: what a job prints for a person (OrderServices.massCreateFileForOrders) is
printed on whatever node takes the job, and must outlive it."""


def make_tree_links(home: Path, shared: Path) -> tuple[str, ...]:
    """The tree's paths lead below `shared`; returns those that were made now.

    An empty folder in a link's place goes. Raises ConfigurationError when files are in it.
    """
    made = []
    for path, folder in TREE_LINKS.items():
        place, target = home / path, shared / folder
        # Of the images' web application: a tree without it serves no images.
        if not path.startswith("runtime/") and not place.parent.is_dir():
            continue
        if place.is_symlink() and place.readlink() == target:
            continue
        _clear(place)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(target)
        made.append(path)
    return tuple(made)


def _clear(place: Path) -> None:
    try:
        if place.is_dir() and not place.is_symlink():
            place.rmdir()
        elif place.is_symlink() or place.exists():
            raise ConfigurationError(
                f"{place}: is no folder; the link to the shared files belongs there. Rename it."
            )
    except OSError as error:
        raise ConfigurationError(
            f"{place}: cannot become a link to the shared files: {error.strerror}. Its files must "
            "move to the shared folder of the cluster first."
        ) from None


def lead_to_shared_files(link: Path, folder: Path) -> None:
    """`link` leads to `folder`, and what the ERP expects in there is there.

    Raises ConfigurationError when this node may not write to it: an upload would be lost.
    """
    try:
        for name in TREE_LINKS.values():
            (folder / name).mkdir(exist_ok=True)
            if not os.access(folder / name, os.W_OK | os.X_OK):
                raise PermissionError(errno.EACCES, "may not be written to", str(folder / name))
        partial = link.with_name(f".{link.name}.{os.getpid()}")
        partial.unlink(missing_ok=True)
        partial.symlink_to(folder)
        partial.replace(link)
    except OSError as error:
        raise ConfigurationError(
            f"sharedFiles.path: {error.filename}: {error.strerror}. The platform mounts a volume "
            f"at {folder} that belongs to user id {os.getuid()}."
        ) from None
