"""Is this a built tree that a cluster can run? Everything that is missing, in one message."""

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from contract.entrances import Entrances
from scipio_tree.contents import TreeContents, contents_of
from scipio_tree.defeats import defeats
from scipio_tree.entrances import entrances_of
from scipio_tree.errors import TreeError
from scipio_tree.java_level import RUNTIME_JAVA, java_level
from scipio_tree.layout import components
from scipio_tree.overlay_trial import try_overlay
from scipio_tree.release import META_INFO, Release, release_of
from templates.overlay.error import OverlayError
from templates.overlay.files import CATALINA

START_JAR: Final = "ofbiz.jar"
LIBRARIES: Final = "framework/base/lib"
OLD_CATALINA: Final = "framework/catalina/ofbiz-component.xml"
TOO_OLD: Final = (
    f"{OLD_CATALINA}: is a file of Scipio 2.x or of OFBiz; Scipio 3.0 or later has "
    "scipio-component.xml there. Move your tree to a 3.x release first: the cluster's overlay, its "
    "component and its preparation of the database are made for that one."
)
BUILD: Final = "`./ant -Dlib.entity.jdbc.conf.default=postgresql build`"
DRIVER: Final = "postgresql-*.jar"
SHOWN_COMPONENTS: Final = 5
SHOWN_LINKS: Final = 10
NO_TREE: Final = (
    "it is no Scipio tree: it has no folder framework/. Name the folder that holds framework/, "
    "applications/ and, once it is built, ofbiz.jar."
)


@dataclass(frozen=True, kw_only=True)
class Inspection:
    """A tree that can be packed."""

    home: Path
    release: Release
    java: int
    """The Java that it was compiled for."""
    has_driver: bool
    """Whether it brings PostgreSQL's driver."""
    contents: TreeContents
    entrances: Entrances
    remarks: tuple[str, ...]
    """What of the tree's own makes a node do without something that the cluster offers."""


def inspect_tree(home: Path) -> Inspection:
    """What is at `home`. Raises TreeError with every fault that keeps it out of an image."""
    if not home.is_dir():
        raise TreeError(home, ["it is no folder. Name the folder of a built Scipio tree."])
    if not (home / "framework").is_dir():
        raise TreeError(home, [NO_TREE])
    if (home / OLD_CATALINA).is_file() and not (home / CATALINA.path).is_file():
        raise TreeError(home, [TOO_OLD])
    release = release_of(home)
    unbuilt = _unbuilt(home)
    levels, broken = _java_levels(home)
    try:
        contents = contents_of(home)
    except OverlayError as error:
        raise TreeError(home, [*unbuilt, str(error)]) from None
    overlay = try_overlay(home)
    faults = [
        *([] if release else [f"{META_INFO}: says no scipio.release.version: is it Scipio?"]),
        *unbuilt,
        *broken,
        *_too_new(levels),
        *_links_that_lead_out(contents),
        *overlay.faults,
        *defeats(home, contents.files),
    ]
    if faults or release is None:
        raise TreeError(home, faults)
    return Inspection(
        home=home,
        release=release,
        java=max(levels.values(), default=0),
        has_driver=any((home / "framework/entity/lib/jdbc").glob(DRIVER)),
        contents=contents,
        entrances=entrances_of(home, str(release)),
        remarks=overlay.remarks,
    )


def _unbuilt(home: Path) -> list[str]:
    faults = []
    if not (home / START_JAR).is_file():
        faults.append(f"{START_JAR}: is missing: the tree is not built. Run {BUILD} in it.")
    if not any((home / LIBRARIES).glob("*.jar")):
        faults.append(f"{LIBRARIES}: has no jars: the tree is not built. Run {BUILD} in it.")
    names = [str(folder.relative_to(home)) for folder in components(home) if _lacks_jar(folder)]
    if names:
        more = len(names) - SHOWN_COMPONENTS
        listing = ", ".join(names[:SHOWN_COMPONENTS]) + (f" and {more} more" if more > 0 else "")
        faults.append(
            f"{listing}: Java sources in src, but no jar in build/lib. Run {BUILD} in the tree."
        )
    return faults


def _lacks_jar(component: Path) -> bool:
    if not (component / "build.xml").is_file() or any((component / "build/lib").glob("*.jar")):
        return False
    return next((component / "src").rglob("*.java"), None) is not None


def _java_levels(home: Path) -> tuple[dict[str, int], list[str]]:
    """Of the jars that the tree's own build made."""
    built = [
        home / START_JAR,
        *(jar for c in components(home) for jar in c.glob("build/lib/*.jar")),
    ]
    levels: dict[str, int] = {}
    broken = []
    for jar in built:
        path = str(jar.relative_to(home))
        try:
            levels[path] = java_level(jar) or 0
        except zipfile.BadZipFile:
            broken.append(f"{path}: is no jar; was the build cut off? Run {BUILD} in the tree.")
        except FileNotFoundError:
            continue
    return levels, broken


def _too_new(levels: dict[str, int]) -> list[str]:
    newest = max(levels, key=lambda path: levels[path], default=None)
    if newest is None or levels[newest] <= RUNTIME_JAVA:
        return []
    return [
        f"{newest}: is compiled for Java {levels[newest]}; the image runs Java {RUNTIME_JAVA}. "
        "Build the tree with `-Dscipio.build.javac.release` at most that (stock: 11)."
    ]


def _links_that_lead_out(contents: TreeContents) -> list[str]:
    leading = [item for item in contents.links.items() if _leads_out(*item)]
    faults = [
        f"{path}: is a link to {target}, outside the tree. Put the file itself there."
        for path, target in leading[:SHOWN_LINKS]
    ]
    if more := len(leading) - len(faults):
        faults.append(f"and {more} more links lead outside the tree: `find . -type l -ls` in it.")
    return faults


def _leads_out(path: str, target: str) -> bool:
    depth = len(Path(path).parts) - 1
    if target.startswith("/"):
        return True
    for part in Path(target).parts:
        depth += -1 if part == ".." else 1
        if depth < 0:
            return True
    return False
