"""Trees for the overlay's tests, and the document and secrets that go with them."""

from difflib import ndiff
from pathlib import Path
from typing import Any

from lxml import etree

from contract.cluster_document import (
    BrokerEndpoint,
    ClusterDocument,
    FileSecret,
)
from contract.names import NodeRole
from templates import properties
from templates.overlay.files import OVERLAY_FILES, OverlayFile
from templates.overlay.node import OverlayNode
from templates.overlay.overlay import Overlay, OverlaySecrets, OverlaySource, make_overlay
from templates.syntax import xml

TREES = Path(__file__).parent / "trees"
NODE = OverlayNode(instance_id="scipio-1")
SECRETS = OverlaySecrets(database_password="db-secret", broker_password="mq-secret")
PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"


def read_tree(home: Path) -> OverlaySource:
    """What a node reads of the tree at `home`."""
    paths = [home / source for file in OVERLAY_FILES for source in file.sources]
    return OverlaySource(
        {str(path.relative_to(home)): path.read_bytes() for path in paths if path.is_file()}
    )


def changed(tree: OverlaySource, path: str, old: str, new: str) -> OverlaySource:
    """The tree with `old` replaced in one of its files, where it must be."""
    data = tree.files[path]
    assert old.encode() in data, f"{old!r} is not in {path}"
    return OverlaySource({**tree.files, path: data.replace(old.encode(), new.encode())})


def cluster_document(**sections: dict[str, Any]) -> ClusterDocument:
    """A whole document; each section may be changed key by key."""
    secret = FileSecret(name="secret").model_dump()
    data: dict[str, Any] = {
        "cluster": "local",
        "public_endpoint": {"host": "erp.example.com", "https_port": 8443},
        "node": {"heap_mib": 512, "job_threads": 7},
        "database": {
            "host": "database",
            "app_password": secret,
            "admin_password": secret,
            "pool_min": 3,
            "pool_max": 43,
        },
        "messaging": {
            "brokers": [
                BrokerEndpoint(host="broker-a").model_dump(),
                BrokerEndpoint(host="broker-b").model_dump(),
            ],
            "password": secret,
        },
        "administrator": {"password": secret},
    }
    for section, changes in sections.items():
        data[section] = {**data.get(section, {}), **changes}
    return ClusterDocument.model_validate(data)


def overlay_of(
    tree: OverlaySource,
    document: ClusterDocument | None = None,
    instance_id: str = "scipio-1",
    role: NodeRole = "app",
) -> Overlay:
    node = OverlayNode(instance_id=instance_id, role=role)
    return make_overlay(tree, document or cluster_document(), node, SECRETS)


def content_of(overlay: Overlay, file: OverlayFile) -> bytes:
    [found] = [made.content for made in overlay.files if made.path == file.path]
    return found


def xml_of(overlay: Overlay, file: OverlayFile) -> etree._Element:
    return xml.parse(content_of(overlay, file))


def properties_of(overlay: Overlay, file: OverlayFile) -> dict[str, str]:
    return properties.load(content_of(overlay, file).decode("iso-8859-1"))


def changed_lines(before: bytes, after: bytes) -> tuple[list[str], list[str]]:
    """Lines that went and lines that came, without their indentation."""
    compared = list(
        ndiff(before.decode("iso-8859-1").splitlines(), after.decode("iso-8859-1").splitlines())
    )
    return (
        [line[2:].strip() for line in compared if line.startswith("- ")],
        [line[2:].strip() for line in compared if line.startswith("+ ")],
    )
