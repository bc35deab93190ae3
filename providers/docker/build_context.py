"""What is sent to Docker for a build, and one digest of exactly that."""

import hashlib
import os
import stat
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from docker.utils.build import exclude_paths

from providers.docker.errors import ProviderError

_READ_AT_ONCE = 1 << 20

OUTSIDE_DOCKERFILE = ".dockerfile.outside-context"
"""The name under which a Dockerfile from outside the context travels in it."""


class ContextError(ProviderError):
    """A build context or its Dockerfile cannot be used."""


@dataclass(frozen=True)
class BuildContext:
    """A folder less what `.dockerignore` names, and the Dockerfile to build it with.

    `<Dockerfile>.dockerignore` goes before `.dockerignore`, as with Docker's own tools.
    """

    root: Path
    dockerfile: Path

    @classmethod
    def at(cls, context: str, dockerfile: str | None) -> "BuildContext":
        """The context as the arguments name it. Raises `ContextError` when a part is missing."""
        root = Path(context).resolve()
        if not root.is_dir():
            raise ContextError(f"build.context {context}: there is no folder at {root}")
        # The real plugin takes `dockerfile` relative to the program, not to the context.
        file = Path(dockerfile).resolve() if dockerfile else root / "Dockerfile"
        if not file.is_file():
            raise ContextError(
                f"build.dockerfile: there is no file at {file}{_hint(root, dockerfile)}"
            )
        return cls(root, file)

    @property
    def dockerfile_name(self) -> str:
        """What the Dockerfile is called in what is sent."""
        if self.dockerfile.is_relative_to(self.root):
            return self.dockerfile.relative_to(self.root).as_posix()
        return OUTSIDE_DOCKERFILE

    def paths(self) -> list[str]:
        """What is sent, relative to the root, in order."""
        return sorted(exclude_paths(str(self.root), self._ignore_patterns(), self.dockerfile_name))

    def digest(self) -> str:
        """One text for names, kinds, modes and contents; times and owners do not count."""
        total = hashlib.sha256()
        for name, path in self._entries():
            mode = path.lstat().st_mode
            total.update(f"{name}\0{stat.filemode(mode)}\0".encode())
            total.update(_content_digest(path, mode))
        return total.hexdigest()

    def archive(self) -> IO[bytes]:
        """What is sent, as a tar file at its start; it removes itself when closed."""
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
        with tarfile.open(fileobj=file, mode="w") as tar:
            for name, path in self._entries():
                tar.add(path, arcname=name, recursive=False, filter=_owned_by_root)
        file.seek(0)
        return file

    def _entries(self) -> Iterator[tuple[str, Path]]:
        for path in self.paths():
            yield path, self.root / path
        if self.dockerfile_name == OUTSIDE_DOCKERFILE:
            yield OUTSIDE_DOCKERFILE, self.dockerfile

    def _ignore_patterns(self) -> list[str]:
        beside = self.dockerfile.with_name(f"{self.dockerfile.name}.dockerignore")
        for file in (beside, self.root / ".dockerignore"):
            if file.is_file():
                lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
                return [line for line in lines if line and not line.startswith("#")]
        return []


def _hint(root: Path, dockerfile: str | None) -> str:
    if dockerfile is None or not (root / dockerfile).is_file():
        return ""
    return f"; did you mean {root / dockerfile}?"


def _content_digest(path: Path, mode: int) -> bytes:
    if stat.S_ISLNK(mode):
        return hashlib.sha256(os.readlink(path).encode()).digest()
    digest = hashlib.sha256()
    if stat.S_ISREG(mode):
        with path.open("rb") as file:
            while block := file.read(_READ_AT_ONCE):
                digest.update(block)
    return digest.digest()


def _owned_by_root(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry
