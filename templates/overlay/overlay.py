"""Makes the overlay of one node. Pure: texts in, texts out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from contract.cluster_document import ClusterDocument
from contract.node_times import POOL_WAIT_S
from contract.request_threads import HEALTH_THREADS, connections_at_most, request_threads
from templates.overlay.cache import merge_cache
from templates.overlay.catalina import merge_catalina, own_threads
from templates.overlay.cluster_component import LISTENER_CLASS
from templates.overlay.contexts import HealthConnector, HttpConnector, InlineJdbc, JmsService
from templates.overlay.entity_engine import merge_entity_engine, own_sender
from templates.overlay.error import OverlayError
from templates.overlay.files import (
    CACHE,
    CATALINA,
    DATABASE_CA,
    ENTITY_ENGINE,
    JNDI,
    OVERLAY_FOLDER,
    PASSWORDS,
    SEED_SYSTEM_PROPERTIES,
    SERVICE_ENGINE,
    SOLR,
    SYSTEM_PROPERTIES,
    OverlayFile,
    TreeText,
)
from templates.overlay.jdbc_url import jdbc_url
from templates.overlay.jndi import merge_jndi
from templates.overlay.node import OverlayNode
from templates.overlay.passwords import PASSWORD_LOOKUP, merge_passwords
from templates.overlay.service_engine import merge_service_engine, own_listener
from templates.overlay.solr import merge_solr
from templates.overlay.system_properties import system_properties


@dataclass(frozen=True)
class OverlaySource:
    """The tree's own files: path relative to OFBIZ_HOME → bytes, as `OverlayFile.sources` names
    them. Bytes, because each file says its own encoding. Files that do not exist are left out."""

    files: Mapping[str, bytes] = field(repr=False)

    def text_of(self, file: OverlayFile) -> TreeText:
        """The tree's own text of this file; empty when it has none and needs none.

        Raises OverlayError when a file is missing that no cluster can do without.
        """
        for source in file.sources:
            if source in self.files:
                return TreeText(source, self.files[source])
        if file.required:
            raise OverlayError(
                file.sources[-1],
                "the file",
                "is missing in the tree",
                "Put it back as the release has it, and check that the tree is complete",
            )
        return TreeText(file.path, b"")


@dataclass(frozen=True, kw_only=True)
class OverlaySecrets:
    """The values that the document only refers to."""

    database_password: str = field(repr=False)
    broker_password: str = field(repr=False)


@dataclass(frozen=True)
class RenderedFile:
    """One finished file."""

    path: str
    """Below the overlay folder."""
    content: bytes = field(repr=False)
    mode: int


@dataclass(frozen=True)
class Overlay:
    """All files of one node's overlay, each to be written whole."""

    files: tuple[RenderedFile, ...]
    own_listener: str | None
    """The tree's own class that listens to the topic: it stays, and does not say whether it is
    subscribed. None: the cluster's listens, or in mode `stock` the ERP's."""
    own_sender: str | None
    """The tree's own class that sends cache clears: it stays."""
    own_threads: str | None
    """The tree's own number of request threads: the one that the pool feeds takes its place."""


def make_overlay(
    tree: OverlaySource,
    document: ClusterDocument,
    node: OverlayNode,
    secrets: OverlaySecrets,
    folder: str = OVERLAY_FOLDER,
) -> Overlay:
    """The overlay of `node`; `folder` is where it will be written.

    Raises OverlayError when a file of the tree is not what a merge expects.
    """
    security = tree.text_of(SYSTEM_PROPERTIES)
    contents = {
        ENTITY_ENGINE: merge_entity_engine(
            tree.text_of(ENTITY_ENGINE),
            _jdbc(document, node, folder),
            document.cache_clear,
        ),
        SERVICE_ENGINE: merge_service_engine(
            tree.text_of(SERVICE_ENGINE),
            _jms(document, secrets),
            document.node.job_threads,
            node.role,
        ),
        JNDI: merge_jndi(tree.text_of(JNDI), document.messaging),
        PASSWORDS: merge_passwords(tree.text_of(PASSWORDS), secrets.database_password),
        CACHE: merge_cache(tree.text_of(CACHE), document.cache_clear),
        CATALINA: merge_catalina(
            tree.text_of(CATALINA),
            _connector(document),
            HealthConnector(port=document.node.health_port, max_threads=HEALTH_THREADS),
            node.instance_id,
        ),
        SYSTEM_PROPERTIES: system_properties(security, document, node, make_schema=False),
        SEED_SYSTEM_PROPERTIES: system_properties(security, document, node, make_schema=True),
    }
    solr = tree.text_of(SOLR)
    if solr.data:
        contents[SOLR] = merge_solr(solr, node.role)
    if document.database.ca_certificate is not None:
        contents[DATABASE_CA] = document.database.ca_certificate.encode()
    return Overlay(
        tuple(RenderedFile(file.path, content, file.mode) for file, content in contents.items()),
        own_listener=own_listener(tree.text_of(SERVICE_ENGINE)),
        own_sender=own_sender(tree.text_of(ENTITY_ENGINE)),
        own_threads=own_threads(tree.text_of(CATALINA)),
    )


def _jdbc(document: ClusterDocument, node: OverlayNode, folder: str) -> InlineJdbc:
    database = document.database
    return InlineJdbc(
        jdbc_uri=jdbc_url(
            database,
            node.instance_id,
            f"{folder}/{DATABASE_CA.path}",
            incarnation=node.incarnation,
        ),
        user=database.app_user,
        password_lookup=PASSWORD_LOOKUP,
        pool_min=database.pool_min,
        pool_max=database.pool_max,
        pool_wait_ms=POOL_WAIT_S * 1000,
    )


def _jms(document: ClusterDocument, secrets: OverlaySecrets) -> JmsService:
    messaging = document.messaging
    return JmsService(
        topic=messaging.topic,
        user=messaging.user,
        password=secrets.broker_password,
        listener_class=LISTENER_CLASS if document.cache_clear.mode == "resilient" else None,
    )


def _connector(document: ClusterDocument) -> HttpConnector:
    threads = request_threads(
        pool_max=document.database.pool_max, job_threads=document.node.job_threads
    )
    return HttpConnector(
        port=document.node.http_port,
        public_https_port=document.public_endpoint.https_port,
        max_threads=threads,
        max_connections=connections_at_most(threads),
        keep_alive_ms=document.node.keep_alive_timeout_s * 1000,
    )
