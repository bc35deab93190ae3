"""docs/own-trees.md lists every property that the overlay sets over a tree's own."""

import re
from pathlib import Path

from templates.overlay.files import SYSTEM_PROPERTIES

PROJECT = Path(__file__).resolve().parents[2]
PAGE = PROJECT / "docs" / "own-trees.md"
TEMPLATE = PROJECT / "templates" / "overlay" / f"{SYSTEM_PROPERTIES.path}.j2"


def test_the_page_names_the_properties_of_the_template_and_no_others() -> None:
    table = PAGE.read_text(encoding="utf-8").split("## Properties")[1]
    written = re.findall(r"^scipio\.property\.(\S+?)=", TEMPLATE.read_text("utf-8"), re.MULTILINE)
    assert set(re.findall(r"`([\w.]+#[\w.]+)`", table)) == set(written)
