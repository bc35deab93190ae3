"""One container of a test: made with the files it is to find, and removed whatever happens."""

import io
import secrets
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import docker
from docker.models.containers import Container

from tests.support.server_process import SLOWNESS, ServerError

PREFIX = "imgtest-"
"""Every Docker object of these tests begins so."""


@dataclass(frozen=True)
class Trial:
    """A container that was started."""

    container: Container

    def ask(self, *command: str) -> tuple[int, str]:
        """Exit code and output of a command inside."""
        answer = self.container.exec_run(list(command))
        assert isinstance(answer.output, bytes)
        return answer.exit_code or 0, answer.output.decode()

    def wait_for(self, health: str, *, within_s: float = 60) -> str:
        """Waits until the shell command `health` succeeds; returns what it printed then."""
        # Asked from inside: an `exec` a question would keep the engine busier than the container.
        limit_s = within_s * SLOWNESS
        waiting = f"until {health} >/dev/null 2>&1; do sleep 0.1; done; {health}"
        code, printed = self.ask("timeout", f"{limit_s:g}", "sh", "-c", waiting)
        if code != 0:
            raise ServerError(f"{health}: not so after {limit_s:g} s\n{self.log()}")
        return printed

    def end(self) -> tuple[int, str]:
        """Waits for the container to end by itself; its exit code and its log."""
        return int(self.container.wait(timeout=60)["StatusCode"]), self.log()

    def log(self) -> str:
        return self.container.logs().decode()


@contextmanager
def container(
    engine: docker.DockerClient,
    image: str,
    *,
    files: Mapping[str, str | bytes] | None = None,
    volumes: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
    entrypoint: Sequence[str] | None = None,
) -> Iterator[Trial]:
    """A started container. `files` are root's and read-only to all, as the platform uploads them.

    `volumes` are names and where they are mounted.
    """
    made = engine.containers.create(
        image,
        name=f"{PREFIX}{secrets.token_hex(4)}",
        environment=dict(environment or {}),
        entrypoint=None if entrypoint is None else list(entrypoint),
        volumes={name: {"bind": path, "mode": "rw"} for name, path in (volumes or {}).items()},
    )
    try:
        made.put_archive("/", _archive(files or {}))
        made.start()
        yield Trial(made)
    finally:
        made.remove(force=True, v=True)


@contextmanager
def volume(engine: docker.DockerClient) -> Iterator[str]:
    """The name of an empty volume."""
    made = engine.volumes.create(f"{PREFIX}{secrets.token_hex(4)}")
    try:
        yield made.name
    finally:
        made.remove()


def _archive(files: Mapping[str, str | bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for path, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            entry = tarfile.TarInfo(path.lstrip("/"))
            entry.size, entry.mode = len(data), 0o444
            tar.addfile(entry, io.BytesIO(data))
    return packed.getvalue()
