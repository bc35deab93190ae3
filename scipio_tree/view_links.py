"""Links of the tree's own pages that name a view behind a request: `<request>/<view>`."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

TEMPLATES: Final = (".ftl", ".xml", ".groovy", ".java")
PLACES: Final = ("widget", "webapp", "template", "src", "script", "email", "webcommon")
"""Folders of a component that hold pages and what makes links for them."""
ANY_VIEW: Final = "*"
"""Stands for a view that is computed."""
_TARGET: Final = r"/?(?P<link>[A-Za-z0-9_]+/[A-Za-z0-9_${}./-]+)"
_LINK: Final = re.compile(
    # Freemarker's directive and its function, and the widgets' attribute.
    rf"@(?:pageUrl|ofbizUrl)[^<>]*>\s*{_TARGET}"
    rf"|make(?:Page|Ofbiz)Url\(\s*[\"']{_TARGET.replace('<link>', '<call>')}"
    rf"|\starget=[\"']{_TARGET.replace('<link>', '<widget>')}[\"']"
)
_WORDS: Final = re.compile(rb"pageUrl|ofbizUrl|PageUrl|OfbizUrl|target=")


def view_links(component: Path) -> dict[str, str]:
    """Link → the first file of the component that has it; see ANY_VIEW."""
    found: dict[str, str] = {}
    for file in _templates(component):
        content = file.read_bytes()
        if not _WORDS.search(content):
            continue
        for link in _links(content.decode("utf-8", errors="replace")):
            found.setdefault(link, file.relative_to(component).as_posix())
    return found


def _templates(component: Path) -> Iterator[Path]:
    for place in PLACES:
        for file in sorted((component / place).rglob("*")):
            if file.suffix in TEMPLATES and file.is_file():
                yield file


def _links(text: str) -> Iterator[str]:
    for match in _LINK.finditer(text):
        link = next(part for part in match.groups() if part)
        request, _, view = link.partition("/")
        yield f"{request}/{ANY_VIEW if '$' in view else view.strip('/')}"
