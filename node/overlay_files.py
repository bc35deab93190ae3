"""The overlay's files: read from the tree, made by the templates, written where the links lead."""

import shutil

from contract.cluster_document import ClusterDocument
from node.errors import ConfigurationError
from node.overlay_links import LinkedTree
from node.paths import NodePaths
from node.private_file import make_private_folder, write_private
from node.secrets import NodeSecrets
from templates.overlay.error import OverlayError
from templates.overlay.files import OVERLAY_FILES
from templates.overlay.node import OverlayNode
from templates.overlay.overlay import Overlay, OverlaySecrets, OverlaySource, make_overlay


def write_overlay(
    paths: NodePaths, document: ClusterDocument, node: OverlayNode, secrets: NodeSecrets
) -> Overlay:
    """All files of the overlay are in place and nothing else is; returns the overlay.

    Raises ConfigurationError when the tree has no links or is not what a merge expects.
    """
    tree = LinkedTree(home=paths.home, overlay=paths.overlay, originals=paths.originals)
    _require_links(tree)
    try:
        overlay = make_overlay(
            _own_texts(tree),
            document,
            node,
            OverlaySecrets(
                database_password=secrets.database_app_password,
                broker_password=secrets.messaging_password,
            ),
            str(paths.overlay),
        )
    except OverlayError as error:
        raise ConfigurationError(f"overlay: {error}") from None
    # A file of an earlier document, such as an authority, must not outlive it.
    shutil.rmtree(paths.overlay, ignore_errors=True)
    for file in overlay.files:
        target = paths.overlay / file.path
        make_private_folder(target.parent)
        write_private(target, file.content)
        target.chmod(file.mode)
    return overlay


def _own_texts(tree: LinkedTree) -> OverlaySource:
    found = {
        path: source.read_bytes()
        for file in OVERLAY_FILES
        for path in file.sources
        if (source := tree.source(path)) is not None
    }
    return OverlaySource(found)


def _require_links(tree: LinkedTree) -> None:
    """Without the links the JVM would quietly run with the tree's own files."""
    missing = [file.path for file in tree.linked_files if not (tree.home / file.path).is_symlink()]
    if missing:
        raise ConfigurationError(
            f"{tree.home}: {', '.join(missing)} must be links into {tree.overlay}. "
            "Run `python3 -m node link-overlay --home DIR` when the image is built."
        )
