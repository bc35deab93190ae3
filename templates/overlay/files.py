"""Which files the overlay has, where the tree keeps its own, and how each one wins."""

from dataclasses import dataclass, field
from typing import Literal

Placement = Literal["root", "in-place", "beside"]
"""`root`: a link of this path below OFBIZ_HOME wins, because OFBIZ_HOME is the first entry of the
class path (Config.java:291-293). `in-place`: the tree's own file must become the link.
`beside`: read by its absolute path, no link."""

OVERLAY_FOLDER = "/run/scipio/overlay"


@dataclass(frozen=True, kw_only=True)
class OverlayFile:
    """One file of the overlay.

    `path` is where it lies both below the overlay folder and, as a link, below OFBIZ_HOME.
    `sources` are the places of the tree's own text, relative to OFBIZ_HOME; the first that exists
    counts, so a file that a user already put at the root wins here as it does on the class path.
    A source that became a link is found by the same path in the folder of originals.
    """

    path: str
    placement: Placement
    sources: tuple[str, ...] = ()
    required: bool = False
    mode: int = 0o644


@dataclass(frozen=True)
class TreeText:
    """A file as the tree has it, and its path relative to OFBIZ_HOME."""

    path: str
    data: bytes = field(repr=False)


ENTITY_ENGINE = OverlayFile(
    path="entityengine.xml",
    placement="root",
    sources=("entityengine.xml", "framework/entity/config/entityengine.xml"),
    required=True,
)
SERVICE_ENGINE = OverlayFile(
    path="serviceengine.xml",
    placement="root",
    sources=("serviceengine.xml", "framework/service/config/serviceengine.xml"),
    required=True,
    mode=0o600,  # holds the broker's password: the ERP has no look-up for it
)
JNDI = OverlayFile(
    path="jndi.properties",
    placement="root",
    sources=("jndi.properties", "framework/base/config/jndi.properties"),
)
PASSWORDS = OverlayFile(
    path="passwords.properties",
    placement="root",
    sources=("passwords.properties", "framework/base/config/passwords.properties"),
    mode=0o600,
)
CACHE = OverlayFile(
    path="cache.properties",
    placement="root",
    sources=("cache.properties", "framework/base/config/cache.properties"),
)
CATALINA = OverlayFile(
    path="framework/catalina/scipio-component.xml",
    placement="in-place",
    sources=("framework/catalina/scipio-component.xml",),
    required=True,
)
SOLR = OverlayFile(
    path="applications/solr/scipio-component.xml",
    placement="in-place",
    sources=("applications/solr/scipio-component.xml",),
)
"""Only where the tree has it: one without search has none."""
SYSTEM_PROPERTIES = OverlayFile(
    path="system.properties",
    placement="beside",
    # Read for one value alone, which must never be lowered: the shortest password.
    sources=("security.properties", "framework/security/config/security.properties"),
)
SEED_SYSTEM_PROPERTIES = OverlayFile(path="seed.system.properties", placement="beside")
"""For `load-data`: as `system.properties`, but the schema is checked and made. Separate, because
a key of the file beats `-D` on the command line (Start.java:206-211)."""
DATABASE_CA = OverlayFile(path="database-ca.pem", placement="beside")
"""Only when the document names an authority for the database."""

OVERLAY_FILES: tuple[OverlayFile, ...] = (
    ENTITY_ENGINE,
    SERVICE_ENGINE,
    JNDI,
    PASSWORDS,
    CACHE,
    CATALINA,
    SOLR,
    SYSTEM_PROPERTIES,
    SEED_SYSTEM_PROPERTIES,
    DATABASE_CA,
)
