"""Who may import whom: the table of docs/architecture.md, held to every file of the project."""

from pathlib import PurePath

import pytest

from tests.unit.import_table import Row, TableError, breaches, read_table, row_of
from tests.unit.source_files import ROOT, python_files

PAGE = ROOT / "docs" / "architecture.md"
ROWS = read_table(PAGE.read_text(encoding="utf-8"))


def test_every_file_imports_what_its_room_may() -> None:
    found = [
        breach
        for file in python_files()
        if (row := row_of(file, ROWS)) is not None
        for breach in breaches((ROOT / file).read_text(encoding="utf-8"), file, row)
    ]
    assert not found, "\n".join(
        ["docs/architecture.md does not allow this; change the import, or the table:"]
        + [f"  {breach}" for breach in found]
    )


def test_every_python_file_lives_in_a_room_of_the_table() -> None:
    homeless = [str(file) for file in python_files() if row_of(file, ROWS) is None]
    assert homeless == []


def test_every_room_of_the_table_exists() -> None:
    assert [row.path for row in ROWS if not (ROOT / row.path).exists()] == []


def test_every_file_that_may_import_alone_exists() -> None:
    alone = [path for row in ROWS for path, _ in row.alone]
    assert [path for path in alone if not (ROOT / path).is_file()] == []


SAMPLE = """
| room | what lives there | may import |
|---|---|---|
| `one/` | a | `two`, pydantic, `three.door` |
| `two/` | b | nothing of ours; `docker` in `two/faults.py` alone |
| `image/` | c | copies `one` |
| `tests/` | d | everything |

| `four/` | no longer the table | `one` |
"""


def sample_row(file: str) -> Row:
    row = row_of(PurePath(file), read_table(SAMPLE))
    assert row is not None
    return row


@pytest.mark.parametrize(
    ("file", "source", "refused"),
    [
        ("one/a.py", "import two\nfrom two.x import y\nimport os.path", []),
        ("one/a.py", "from pydantic import BaseModel\nimport pydantic_core", []),
        ("one/a.py", "from one import b\nfrom . import c\nfrom .d import e", []),
        ("one/deep/a.py", "from .. import b\nfrom ..two import c", []),
        ("one/a.py", "from three import door\nfrom three.door import knob", []),
        ("one/a.py", "from three import window", ["one/a.py:1 imports three.window"]),
        ("one/a.py", "import three", ["one/a.py:1 imports three"]),
        ("one/a.py", "\n\nimport twofold", ["one/a.py:3 imports twofold"]),
        ("one/a.py", "def f():\n    import yaml", ["one/a.py:2 imports yaml"]),
        ("two/a.py", "import docker", ["two/a.py:1 imports docker"]),
        ("two/faults.py", "import docker.errors", []),
        ("two/a.py", "from one import b", ["two/a.py:1 imports one.b"]),
        ("image/a.py", "import one\nimport two", ["image/a.py:2 imports two"]),
        ("tests/a.py", "import anything", []),
    ],
)
def test_a_breach_is_named_with_file_and_line(file: str, source: str, refused: list[str]) -> None:
    found = breaches(source, PurePath(file), sample_row(file))
    assert [str(breach) for breach in found] == refused


def test_a_room_that_is_not_in_the_table_has_no_row() -> None:
    assert row_of(PurePath("four/a.py"), read_table(SAMPLE)) is None


def test_a_phrase_that_nobody_understands_is_refused() -> None:
    with pytest.raises(TableError, match='"what it likes" is no module'):
        read_table(SAMPLE.replace("everything", "what it likes"))


def test_a_page_without_the_table_is_refused() -> None:
    with pytest.raises(TableError, match="no table"):
        read_table("# Architecture\n")
