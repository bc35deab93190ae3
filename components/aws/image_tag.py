"""A tag that says what an image is built from, because tags of the repository never move."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

TAG_DIGITS: Final = 16
_NEVER_IN_AN_IMAGE: Final = frozenset({".git", "__pycache__"})


def content_tag(context: Path, dockerfile: Path, target: str | None) -> str:
    """The same for the same files, and another one when any file of the context has changed.

    It may change too when a file did that the build leaves out: then the same image gets a second
    tag, and its digest stays. Raises OSError for a context that cannot be read.
    """
    digest = hashlib.sha256(f"{target}\n".encode())
    digest.update(dockerfile.read_bytes())
    for path in _files(context):
        digest.update(f"{path.relative_to(context)}\0{_kind(path)}\0".encode())
        digest.update(str(path.readlink()).encode() if path.is_symlink() else _content(path))
    return digest.hexdigest()[:TAG_DIGITS]


def _files(context: Path) -> Iterator[Path]:
    for root in _roots(context):
        yield from sorted(_below(root)) if root.is_dir() and not root.is_symlink() else [root]


def _roots(context: Path) -> list[Path]:
    """What a `.dockerignore` that begins with `*` lets in again; without one, everything."""
    ignore_file = context / ".dockerignore"
    if not ignore_file.is_file():
        return [context]
    lines = [line.strip() for line in ignore_file.read_text(encoding="utf-8").splitlines()]
    if "*" not in lines:
        return [context]
    let_in = [context / line.removeprefix("!") for line in lines if line.startswith("!")]
    return [path for path in let_in if path.exists()]


def _below(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in _NEVER_IN_AN_IMAGE:
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _below(path)
        else:
            yield path


def _kind(path: Path) -> str:
    if path.is_symlink():
        return "link"
    return "program" if path.stat().st_mode & 0o100 else "file"


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
