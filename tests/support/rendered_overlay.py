"""The overlay that the templates make, put into the tree of a reference node."""

from pathlib import Path

from contract.cluster_document import (
    Administrator,
    BrokerEndpoint,
    ClusterDocument,
    Database,
    FileSecret,
    Messaging,
    NodeRuntime,
    PublicEndpoint,
)
from templates.overlay.files import OVERLAY_FILES, SYSTEM_PROPERTIES
from templates.overlay.node import OverlayNode
from templates.overlay.overlay import OverlaySecrets, OverlaySource, make_overlay
from tests.support.activemq import ActiveMqBroker
from tests.support.reference_node import ReferenceNode
from tests.support.server_process import free_port
from tests.support.servers import TestDatabase

NOBODY = 1
"""A port at which no broker listens: the node serves without one."""


def document_of(
    node: ReferenceNode,
    database: TestDatabase,
    broker: ActiveMqBroker | None = None,
    *,
    pool_max: int = 33,
    authority: str | None = None,
) -> ClusterDocument:
    """A document of this database; with `authority` (PEM) over TLS, verified in full."""
    return ClusterDocument(
        cluster="test",
        public_endpoint=PublicEndpoint(host="localhost", https_port=8443),
        node=NodeRuntime(http_port=node.port, health_port=free_port(), heap_mib=128, job_threads=2),
        database=Database(
            host=database.host,
            port=database.port,
            name=database.name,
            app_user=database.user,
            app_password=FileSecret(name="database-app"),
            admin_password=FileSecret(name="database-admin"),
            pool_max=pool_max,
            tls="disable" if authority is None else "verify-full",
            ca_certificate=authority,
        ),
        messaging=Messaging(
            brokers=(
                BrokerEndpoint(host="127.0.0.1", port=NOBODY if broker is None else broker.port),
            ),
            tls=False,
            user="scipio" if broker is None else next(iter(broker.users)),
            password=FileSecret(name="broker"),
        ),
        administrator=Administrator(password=FileSecret(name="administrator")),
    )


def put_overlay(
    node: ReferenceNode,
    document: ClusterDocument,
    *,
    database_password: str,
    broker_password: str | None = None,
) -> None:
    """Replaces the node's overlay written by hand with the rendered one."""
    node.remove_overlay()
    tree = OverlaySource(
        {
            source: (node.home / source).read_bytes()
            for file in OVERLAY_FILES
            for source in file.sources
            if (node.home / source).is_file()
        }
    )
    secrets = OverlaySecrets(
        database_password=database_password, broker_password=broker_password or database_password
    )
    for file in make_overlay(
        tree, document, OverlayNode(instance_id=node.instance_id), secrets, str(node.home)
    ).files:
        target: Path = node.home / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.content)
    node.system_properties = node.home / SYSTEM_PROPERTIES.path
