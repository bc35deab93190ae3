"""The context of an image build: one tar, equal for equal contents."""

import io
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from scipio_tree.contents import TreeContents, is_executable


class BuildContext:
    """Files packed one by one: root's, readable by all, without times."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar

    def add_bytes(self, path: str, content: bytes, *, executable: bool = False) -> None:
        """A file of this content."""
        entry = tarfile.TarInfo(path)
        entry.size, entry.mode = len(content), 0o755 if executable else 0o644
        self._tar.addfile(entry, io.BytesIO(content))

    def add_file(self, path: str, file: Path) -> None:
        """A copy of `file`."""
        entry = tarfile.TarInfo(path)
        entry.size = file.stat().st_size
        entry.mode = 0o755 if is_executable(file) else 0o644
        with file.open("rb") as opened:
            self._tar.addfile(entry, opened)

    def add_files(self, folder: str, files: Mapping[str, Path]) -> None:
        """Copies below `folder`."""
        for path, file in files.items():
            self.add_file(f"{folder}/{path}", file)

    def add_tree(self, folder: str, contents: TreeContents) -> None:
        """The tree's contents below `folder`."""
        for path, file in contents.files.items():
            rewritten = contents.rewritten.get(path)
            if rewritten is None:
                self.add_file(f"{folder}/{path}", file)
            else:
                self.add_bytes(f"{folder}/{path}", rewritten)
        for path, target in contents.links.items():
            entry = tarfile.TarInfo(f"{folder}/{path}")
            entry.type, entry.linkname = tarfile.SYMTYPE, target
            self._tar.addfile(entry)


@contextmanager
def build_context(target: IO[bytes]) -> Iterator[BuildContext]:
    """A context written to `target`, which afterwards stands at its beginning, ready to be sent."""
    with tarfile.open(fileobj=target, mode="w", format=tarfile.PAX_FORMAT) as tar:
        yield BuildContext(tar)
    target.seek(0)
