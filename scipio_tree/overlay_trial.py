"""The overlay made once from the tree's own files, so that a merge fails here and not at a boot."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from contract.cluster_document import ClusterDocument
from scipio_tree.taken_away import taken_away
from templates.overlay.error import OverlayError
from templates.overlay.files import OVERLAY_FILES
from templates.overlay.node import OverlayNode
from templates.overlay.overlay import Overlay, OverlaySecrets, OverlaySource, make_overlay

_SECRET: Final = {"store": "file", "name": "trial"}
_DOCUMENT: Final = {
    "cluster": "trial",
    "public_endpoint": {"host": "erp.example.com"},
    "node": {"heap_mib": 1024},
    "database": {
        "host": "database",
        "app_password": _SECRET,
        "admin_password": _SECRET,
        "pool_max": 10,
    },
    "messaging": {"brokers": [{"host": "broker-a"}], "password": _SECRET},
    "administrator": {"password": _SECRET},
}
"""Any sound document will do: what a merge expects of the tree does not depend on its values."""
_SECRETS: Final = OverlaySecrets(database_password="trial", broker_password="trial")  # noqa: S106  used for nothing


@dataclass(frozen=True, kw_only=True)
class OverlayTrial:
    """What came of it, in sentences."""

    faults: tuple[str, ...] = ()
    """What the merges refuse, or would take from something that needs it; empty when every node
    could start. One sentence for the first file that is refused: a merge stops there."""
    remarks: tuple[str, ...] = ()
    """What stays as the tree has it and what the cluster does without for that reason, or what has
    another meaning in a cluster."""


def try_overlay(home: Path) -> OverlayTrial:
    """The overlay of the tree at `home`, made and thrown away."""
    sources = {
        path: (home / path).read_bytes()
        for file in OVERLAY_FILES
        for path in file.sources
        if (home / path).is_file()
    }
    try:
        overlay = make_overlay(
            OverlaySource(sources),
            ClusterDocument.model_validate(_DOCUMENT),
            OverlayNode(instance_id="trial-1"),
            _SECRETS,
        )
    except OverlayError as error:
        return OverlayTrial(faults=(str(error),))
    taken = taken_away(home)
    return OverlayTrial(faults=taken.faults, remarks=(*_remarks(overlay), *taken.remarks))


def _remarks(overlay: Overlay) -> Iterator[str]:
    if overlay.own_sender is not None:
        yield (
            f"entityengine.xml: your own {overlay.own_sender} sends the cache clears, and stays; "
            "what cacheClear.mode says of writes does not hold for it."
        )
    if overlay.own_listener is not None:
        yield (
            f"serviceengine.xml: your own {overlay.own_listener} listens to the topic, and stays; "
            "no node waits until it is subscribed, and none clears its caches after a gap."
        )
    if overlay.own_threads is not None:
        yield (
            f"framework/catalina/scipio-component.xml: your own maxThreads {overlay.own_threads} "
            "goes; how many requests a node serves at once follows from database.poolMax "
            "(docs/settings.md)."
        )
