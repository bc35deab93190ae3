"""A document once published is readable for ever by the program that knows its version.

`tests/golden/` keeps one document a version, as it was written then. Such a file is never edited:
when it no longer parses, the change needs a new version and a file of its own.
"""

import json
from pathlib import Path

import jsonschema
import pytest

from contract import schema
from contract.cluster_document import DOCUMENT_VERSION
from contract.document_reading import check_document

GOLDEN = Path(__file__).parents[1] / "golden"
DOCUMENTS = sorted(GOLDEN.glob("cluster-document.v*.json"))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_published_document_still_parses(path: Path) -> None:
    document = check_document(path.read_text(encoding="utf-8"), where=path.name)
    assert path.name == f"cluster-document.v{document.document_version}.json"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_published_document_keeps_its_schema(path: Path) -> None:
    published = (schema.FOLDER / path.name).read_text(encoding="utf-8")
    jsonschema.validate(json.loads(path.read_text(encoding="utf-8")), json.loads(published))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_no_key_of_a_published_document_changes_its_value_when_read(path: Path) -> None:
    """New keys may join with defaults; the old ones keep name and value."""
    text = path.read_text(encoding="utf-8")
    read_back = json.loads(check_document(text).model_dump_json())
    assert lacking(json.loads(text), read_back) == []


def test_the_current_version_has_its_document() -> None:
    assert GOLDEN / f"cluster-document.v{DOCUMENT_VERSION}.json" in DOCUMENTS


def lacking(old: object, new: object, place: str = "") -> list[str]:
    """Where `new` does not say what `old` says."""
    if isinstance(old, dict) and isinstance(new, dict):
        return [
            fault
            for key, value in old.items()
            for fault in lacking(value, new.get(key), f"{place}.{key}")
        ]
    return [] if old == new else [place]
