"""What is sent for a build, and when its digest changes."""

import os
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from providers.docker.build_context import OUTSIDE_DOCKERFILE, BuildContext, ContextError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A context with a Dockerfile, a file, a folder and a link."""
    root = tmp_path / "context"
    (root / "deep").mkdir(parents=True)
    (root / "Dockerfile").write_text("FROM scratch\n")
    (root / "kept").write_text("kept")
    (root / "deep" / "noise.log").write_text("noise")
    (root / "link").symlink_to("kept")
    return root


def _digest(root: Path, dockerfile: str | None = None) -> str:
    return BuildContext.at(str(root), dockerfile).digest()


def test_times_and_owners_do_not_count(root: Path) -> None:
    """A fresh checkout of the same files is the same context."""
    before = _digest(root)
    os.utime(root / "kept", (1, 1))
    assert _digest(root) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "kept").write_text("other"),
        lambda root: (root / "kept").chmod(0o755),
        lambda root: (root / "kept").rename(root / "renamed"),
        lambda root: (root / "new").write_text(""),
        lambda root: ((root / "link").unlink(), (root / "link").symlink_to("deep")),
        lambda root: (root / "Dockerfile").write_text("FROM scratch\nUSER 1\n"),
    ],
)
def test_content_name_mode_link_and_dockerfile_count(
    root: Path, change: Callable[[Path], object]
) -> None:
    """Each of them changes what a build makes."""
    before = _digest(root)
    change(root)
    assert _digest(root) != before


def test_what_is_ignored_is_neither_sent_nor_counted(root: Path) -> None:
    """As `.dockerignore` says."""
    (root / ".dockerignore").write_text("# a comment\n**/*.log\n")
    before = _digest(root)
    (root / "deep" / "noise.log").write_text("more noise")
    assert _digest(root) == before
    assert "deep/noise.log" not in BuildContext.at(str(root), None).paths()


def test_an_ignore_file_beside_the_dockerfile_goes_first(root: Path) -> None:
    """`<Dockerfile>.dockerignore`, as with Docker's own tools."""
    (root / ".dockerignore").write_text("kept\n")
    (root / "Dockerfile.dockerignore").write_text("link\n")
    paths = BuildContext.at(str(root), None).paths()
    assert "kept" in paths
    assert "link" not in paths


def test_the_dockerfile_is_sent_even_when_ignored(root: Path) -> None:
    """Docker needs it, and the ignore file too."""
    (root / ".dockerignore").write_text("*\n")
    assert BuildContext.at(str(root), None).paths() == [".dockerignore", "Dockerfile"]


def test_a_dockerfile_from_outside_travels_along(root: Path, tmp_path: Path) -> None:
    """Under a name of its own, and counted."""
    outside = tmp_path / "Other.Dockerfile"
    outside.write_text("FROM scratch\n")
    before = _digest(root, str(outside))
    context = BuildContext.at(str(root), str(outside))
    with context.archive() as archive, tarfile.open(fileobj=archive) as tar:
        assert OUTSIDE_DOCKERFILE in tar.getnames()
        assert {entry.uid for entry in tar} == {0}
    assert context.dockerfile_name == OUTSIDE_DOCKERFILE
    outside.write_text("FROM scratch\nUSER 1\n")
    assert _digest(root, str(outside)) != before


def test_a_missing_context_or_dockerfile_is_said_with_its_place(root: Path) -> None:
    """With a guess when the file is in the context."""
    with pytest.raises(ContextError, match=r"build\.context /no/where: there is no folder"):
        BuildContext.at("/no/where", None)
    (root / "deep2").write_text("FROM scratch\n")
    with pytest.raises(ContextError, match=r"no file at .*/deep2; did you mean"):
        BuildContext.at(str(root), "deep2")
