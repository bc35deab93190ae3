"""Data files that only the reader `demo` loads."""

from pathlib import Path
from typing import Final

from scipio_tree.layout import component_file, components
from templates.errors import NotParsable
from templates.syntax import xml

DEMO_READER: Final = "demo"


def demo_data_files(home: Path) -> frozenset[str]:
    """Paths relative to `home`, whether there or not. A file of another reader too is not one."""
    return frozenset(path for folder in components(home) for path in _demo_data_of(folder, home))


def _demo_data_of(folder: Path, home: Path) -> set[str]:
    readers: dict[str, set[str]] = {}
    file = component_file(folder)
    assert file is not None
    try:
        root = xml.parse(file.read_bytes())
    except NotParsable:
        # The ERP says so itself and leaves the component out; nothing is dropped from it here.
        return set()
    for entry in root.iter("entity-resource"):
        if entry.get("type") == "data":
            reader = str(entry.get("reader-name", ""))
            readers.setdefault(str(entry.get("location", "")), set()).add(reader)
    base = folder.relative_to(home)
    return {str(base / place) for place, of in readers.items() if of == {DEMO_READER}}
