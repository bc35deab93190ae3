"""Where the agent finds and leaves its files; docs/architecture.md, "The node's container"."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from node.errors import ConfigurationError

DEFAULT_RUN_FOLDER = Path("/run/scipio")
DEFAULT_CONFIGURATION_FOLDER = Path("/etc/scipio")
DEFAULT_ORIGINALS_FOLDER = Path("/usr/share/scipio-cluster/originals")

SYSTEM_PROPERTIES = "system.properties"
SEED_SYSTEM_PROPERTIES = "seed.system.properties"
DATABASE_AUTHORITY = "database-ca.pem"
"""As in `templates.overlay.files`, which PID 1 does not import; held by a test."""


@dataclass(frozen=True, kw_only=True)
class NodePaths:
    """All paths of one node. Only tests, and trials outside a container, move the folders."""

    home: Path
    """`OFBIZ_HOME`."""
    jar: str
    """Relative to `home`."""
    run: Path = DEFAULT_RUN_FOLDER
    configuration: Path = DEFAULT_CONFIGURATION_FOLDER
    originals: Path = DEFAULT_ORIGINALS_FOLDER

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "NodePaths":
        """Raises ConfigurationError when `OFBIZ_HOME` is not set or is no folder."""
        home = environment.get("OFBIZ_HOME", "")
        if not home or not Path(home).is_dir():
            raise ConfigurationError(
                f"OFBIZ_HOME: got {home!r}; must name the folder of a built Scipio tree. "
                "The image sets it: build the node's image again."
            )
        return cls(
            home=Path(home),
            jar=environment.get("SCIPIO_JAR") or "ofbiz.jar",
            run=run_folder(environment),
            configuration=Path(
                environment.get("SCIPIO_CONFIGURATION_FOLDER") or DEFAULT_CONFIGURATION_FOLDER
            ),
            originals=originals_folder(environment),
        )

    @property
    def document(self) -> Path:
        return self.configuration / "cluster.json"

    @property
    def secrets(self) -> Path:
        return self.configuration / "secrets"

    @property
    def preparation_secrets(self) -> Path:
        """What the preparation alone needs, where the platform keeps it apart: it is removed before
        a JVM starts.
        """
        return self.configuration / "preparation"

    @property
    def overlay(self) -> Path:
        return self.run / "overlay"

    @property
    def system_properties(self) -> Path:
        return self.overlay / SYSTEM_PROPERTIES

    @property
    def seed_properties(self) -> Path:
        """`system.properties` for the loader: with it the entity engine makes missing tables."""
        return self.overlay / SEED_SYSTEM_PROPERTIES

    @property
    def loaded_data(self) -> Path:
        return self.run / "loaded.xml"

    @property
    def release(self) -> Path:
        """Written when the image is built."""
        return self.originals.parent / "release"

    @property
    def trust_store(self) -> Path:
        return self.run / "trust-store"

    @property
    def database_authority(self) -> Path:
        return self.overlay / DATABASE_AUTHORITY

    @property
    def membership(self) -> Path:
        return membership_file(self.run)

    @property
    def cache_clear_figures(self) -> Path:
        """Written by the cluster's component in the JVM."""
        return cache_clear_figures_file(self.run)

    @property
    def shared_files(self) -> Path:
        """A link to the folder that all nodes share."""
        return shared_files_link(self.run)

    @property
    def launch(self) -> Path:
        return self.run / "launch.json"

    @property
    def keep(self) -> Path:
        return keep_file(self.run)


def run_folder(environment: Mapping[str, str]) -> Path:
    """The agent's tmpfs."""
    return Path(environment.get("SCIPIO_RUN_FOLDER") or DEFAULT_RUN_FOLDER)


def cache_clear_figures_file(folder: Path) -> Path:
    """What the cluster component in the JVM says of itself."""
    return folder / "cache-clear.json"


def keep_file(folder: Path) -> Path:
    """What `prepare` leaves for `keep`; holds the application's password."""
    return folder / "keep.json"


def membership_file(folder: Path) -> Path:
    """What `keep` says of this node's place in the cluster."""
    return folder / "membership.json"


def shared_files_link(folder: Path) -> Path:
    """Where the tree's own links to the shared files lead."""
    return folder / "shared"


def originals_folder(environment: Mapping[str, str]) -> Path:
    """What the overlay's links replaced in the tree."""
    return Path(environment.get("SCIPIO_ORIGINALS_FOLDER") or DEFAULT_ORIGINALS_FOLDER)
