"""Where a Scipio tree keeps its components (framework/base/config/component-load.xml)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

COMPONENT_FOLDERS: Final = (
    "framework",
    "themes",
    "applications",
    "specialpurpose",
    "addons",
    "hot-deploy",
)
COMPONENT_FILES: Final = ("scipio-component.xml", "scipio-theme.xml", "ofbiz-component.xml")
"""The first that is there counts (Config.java, getComponentFile)."""
CLUSTER_COMPONENT: Final = "scipio-cluster"
"""Below `hot-deploy`: the one component that a cluster adds to the tree."""


def components(home: Path) -> Iterator[Path]:
    """The folders of all components, loaded or not, in a stable order."""
    for parent in COMPONENT_FOLDERS:
        for folder in sorted((home / parent).glob("*/")):
            if component_file(folder) is not None:
                yield folder


def component_file(folder: Path) -> Path | None:
    """The file that makes `folder` a component; None when it is none."""
    places = (folder / name for name in COMPONENT_FILES)
    return next((place for place in places if place.is_file()), None)
