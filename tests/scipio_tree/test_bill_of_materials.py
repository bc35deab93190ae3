"""The software bill of materials names every jar."""

import hashlib
import json
from pathlib import Path

from scipio_tree.bill_of_materials import Library, bill_of_materials, library_of
from scipio_tree.release import Release
from tests.scipio_tree.small_tree import jar

RELEASE = Release(name="scipioce", version="3.0.1", branch="dev")
COORDINATES = "groupId=org.example\nartifactId=thing\nversion=1.2.3\n"


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_maven_coordinates_win_over_the_files_name(tmp_path: Path) -> None:
    inside = {"META-INF__maven__org.example__thing__pom.properties": COORDINATES}
    file = written(tmp_path / "renamed-9.jar", jar(java=8, **inside))
    assert library_of(file) == Library(group="org.example", name="thing", version="1.2.3")


def test_a_bundle_of_several_libraries_is_named_by_its_file(tmp_path: Path) -> None:
    inside = {
        "META-INF__maven__a__b__pom.properties": COORDINATES,
        "META-INF__maven__c__d__pom.properties": COORDINATES,
    }
    file = written(tmp_path / "batik-all-1.17.jar", jar(java=8, **inside))
    assert library_of(file) == Library(group="", name="batik-all", version="1.17")


def test_a_jar_without_a_version_keeps_its_name(tmp_path: Path) -> None:
    file = written(tmp_path / "ofbiz-base.jar", jar(java=11))
    assert library_of(file) == Library(group="", name="ofbiz-base", version="")


def test_every_jar_is_there_with_its_place_and_digest(tmp_path: Path) -> None:
    inside = {"META-INF__maven__org.example__thing__pom.properties": COORDINATES}
    content = jar(java=8, **inside)
    file = written(tmp_path / "thing.jar", content)
    document = json.loads(bill_of_materials(RELEASE, {"lib/thing.jar": file}))
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.5")
    assert document["metadata"]["component"]["version"] == "3.0.1-dev"
    assert document["components"] == [
        {
            "type": "library",
            "bom-ref": "lib/thing.jar",
            "group": "org.example",
            "name": "thing",
            "version": "1.2.3",
            "purl": "pkg:maven/org.example/thing@1.2.3",
            "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(content).hexdigest()}],
        }
    ]
