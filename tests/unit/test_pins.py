"""No pin is older than the patch of a hole that was known when the table was written."""

import re
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.unit.known_holes import FORBIDDEN, JAVA, Hole
from tests.unit.source_files import ROOT

POM = {"m": "http://maven.apache.org/POM/4.0.0"}
POMS = sorted((ROOT / "image").rglob("pom.xml"))


def pins(pom: Path) -> dict[str, str]:
    """`group:artifact` → version, of every dependency that names one; properties are resolved."""
    project = ElementTree.parse(pom).getroot()  # noqa: S314  a file of this repository
    found = project.find("m:properties", POM)
    properties = {each.tag.partition("}")[2]: each.text or "" for each in found or ()}
    named = [
        *project.iter(f"{{{POM['m']}}}dependency"),
        *project.iter(f"{{{POM['m']}}}artifactItem"),
    ]
    return {
        name: resolved(version, properties)
        for each in named
        if (name := ":".join(text(each, part) for part in ("groupId", "artifactId")))
        and (version := text(each, "version"))
    }


def text(element: ElementTree.Element, part: str) -> str:
    return element.findtext(f"m:{part}", "", POM)


def resolved(version: str, properties: Mapping[str, str]) -> str:
    return re.sub(r"\$\{([^}]+)\}", lambda match: properties[match[1]], version)


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def is_open(hole: Hole, version: str) -> bool:
    return numbers(version) < numbers(hole.minimum)


@pytest.mark.parametrize("hole", JAVA, ids=lambda hole: f"{hole.pin} in {hole.where}")
def test_no_pin_has_a_hole_that_a_newer_version_closes(hole: Hole) -> None:
    pinned = pins(ROOT / hole.where)[hole.pin]
    assert not is_open(hole, pinned), f"{hole.where}: {hole.pin} {pinned}: {hole.because}"


@pytest.mark.parametrize(("artifact", "where"), FORBIDDEN.items())
def test_what_has_no_patch_stays_out(artifact: str, where: str) -> None:
    project = ElementTree.parse(ROOT / where).getroot()  # noqa: S314  a file of this repository
    excluded = {
        ":".join(text(each, part) for part in ("groupId", "artifactId"))
        for each in project.iter(f"{{{POM['m']}}}exclusion")
    }
    assert artifact in excluded
    assert artifact not in pins(ROOT / where)


def test_node_and_reference_node_have_the_same_client_and_driver() -> None:
    """What holds on the reference node is to hold on the ERP."""
    driver = "org.postgresql:postgresql"
    drivers = {pins(pom)[driver] for pom in POMS if driver in pins(pom)}
    clients = {
        pins(ROOT / "image" / room / "pom.xml")["org.apache.activemq:activemq-client"]
        for room in ("cluster-component", "reference-node")
    }
    assert len(drivers) == len(clients) == 1


def test_an_older_pin_is_seen() -> None:
    hole = Hole(pin="g:a", where="pom.xml", minimum="5.18.7", because="CVE-1")
    assert is_open(hole, "5.18.3")
    assert not is_open(hole, "5.18.10")
