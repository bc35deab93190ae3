"""What in a tree would win over the overlay, or over the cluster's own component."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from scipio_tree.layout import CLUSTER_COMPONENT
from templates.errors import NotParsable
from templates.overlay.files import OVERLAY_FILES
from templates.syntax import xml

JNDI_SERVERS: Final = ("jndiservers.xml", "framework/base/config/jndiservers.xml")
"""The first that is there counts, as OFBIZ_HOME is the first entry of the class path."""
DEFAULT_SERVER: Final = "default"
"""The name that the cluster's jms-service asks for."""


def defeats(home: Path, files: Mapping[str, Path]) -> list[str]:
    """One sentence for each; `files` are those that would go into the image."""
    return [
        *_jndi_server(home),
        *_linked_places(home),
        *_other_messaging_clients(files),
        *_own_cluster_component(home),
    ]


def _jndi_server(home: Path) -> list[str]:
    place = next((name for name in JNDI_SERVERS if (home / name).is_file()), None)
    if place is None:
        return [f"{JNDI_SERVERS[-1]}: is missing. Put it back as the release has it."]
    try:
        root = xml.parse((home / place).read_bytes())
    except NotParsable as fault:
        return [f"{place}: {fault}. Put it back as the release has it."]
    servers = [found for found in root.iter("jndi-server") if found.get("name") == DEFAULT_SERVER]
    if not servers:
        return [f'{place}: has no <jndi-server name="{DEFAULT_SERVER}"/>. Put it back.']
    url = servers[0].get("context-provider-url")
    if not url:
        return []
    return [
        f'{place}: <jndi-server name="{DEFAULT_SERVER}"> has context-provider-url={str(url)!r}, '
        "which wins over the broker URL of jndi.properties. Give your server a name of its own and "
        f'leave "{DEFAULT_SERVER}" without attributes.'
    ]


def _linked_places(home: Path) -> list[str]:
    return [
        f"{file.path}: is a link to {(home / file.path).readlink()}; the overlay's link belongs "
        "there. Put the file itself in its place, or remove it."
        for file in OVERLAY_FILES
        if file.placement != "beside" and (home / file.path).is_symlink()
    ]


def _other_messaging_clients(files: Mapping[str, Path]) -> list[str]:
    remedy = {
        "activemq-all-": "it bundles a log4j2.properties that wins over log4j2.xml: error.log "
        "would stay empty. Remove it; the image brings the client's own jars",
        "activemq-client-": "the image brings its own, and two on one class path mix. Remove it",
    }
    return [
        f"{path}: {why}."
        for path in files
        for prefix, why in remedy.items()
        if PurePosixPath(path).name.startswith(prefix)
    ]


def _own_cluster_component(home: Path) -> list[str]:
    place = f"hot-deploy/{CLUSTER_COMPONENT}"
    taken = (home / place).exists()
    return [f"{place}: is there already; the image puts its own there. Rename it."] if taken else []
