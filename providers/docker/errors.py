"""What can go wrong, each in the words a person needs: where, what was seen, what to do.

ProviderError
├── CodecError          a value that no argument here takes
├── ContextError        the Docker context that names the engine cannot be used
├── DaemonError         Docker does not answer
├── DockerError         Docker refused something
├── BuildError          a build step failed
├── Cancelled           the person stopped the run
└── InitFailedError     something was made, but did not come up
"""

import re
from typing import TYPE_CHECKING

from docker.errors import APIError

if TYPE_CHECKING:
    from providers.docker.codec import Properties


class ProviderError(Exception):
    """Something that a person can act on; its text is all that is shown."""


class CodecError(ProviderError):
    """A value has no form here."""

    def __init__(self, where: str, kind: str) -> None:
        super().__init__(f"{where}: got {kind}; the Docker provider of this project cannot take it")


class ContextError(ProviderError):
    """The Docker context that names the engine is not there or cannot be read."""


class DaemonError(ProviderError):
    """Docker does not answer."""

    def __init__(self, address: str, cause: Exception) -> None:
        super().__init__(
            f"Docker does not answer at {address} ({cause}). "
            "Start it (`systemctl start docker`), check that you may use its socket "
            "(group `docker`), or set DOCKER_HOST to where it listens."
        )


class DockerError(ProviderError):
    """Docker refused what was asked of it."""

    def __init__(self, doing: str, cause: APIError) -> None:
        said = _said(cause)
        super().__init__(f"cannot {doing}: Docker says: {said}. {_what_to_do(said)}".rstrip())


class BuildError(ProviderError):
    """A build of an image failed; the message ends with the last lines it printed."""

    def __init__(self, image: str, dockerfile: str, cause: str, last_lines: list[str]) -> None:
        shown = "\n".join(f"    {line}" for line in last_lines) or "    (nothing)"
        super().__init__(
            f"cannot build image {image} from {dockerfile}: {cause}\n"
            f"  the last lines of the build:\n{shown}\n"
            f"  Mend the step that failed and run again: steps before it are kept in the cache."
        )


class Cancelled(ProviderError):  # noqa: N818 - it is no error of anybody, and reads so
    """The person stopped the run."""

    def __init__(self, doing: str) -> None:
        super().__init__(f"stopped while {doing}, as asked; run again to go on")


class InitFailedError(ProviderError):
    """It exists and is in the state, but did not come up; the next run mends or replaces it."""

    def __init__(self, resource_id: str, outputs: "Properties", reason: str) -> None:
        super().__init__(reason)
        self.resource_id = resource_id
        self.outputs = outputs
        self.inputs: Properties | None = None


def is_gone(cause: APIError) -> bool:
    """Whether Docker said that there is no such thing (any more)."""
    return cause.status_code == 404


def is_conflict(cause: APIError) -> bool:
    """Whether Docker said that something stands in the way for now."""
    return cause.status_code == 409


def _said(cause: APIError) -> str:
    return str(cause.explanation or cause).strip().rstrip(".")


_ADVICE = (
    (
        r"port is already allocated|address already in use",
        "Stop what uses this port (`ss -ltnp` shows it), or choose another one in the settings.",
    ),
    (
        r"name \"?/?[^ ]+\"? is already in use by container",
        "If it is left over from an earlier run, remove it with `docker rm -f NAME` and run again.",
    ),
    (
        r"network with name .* already exists",
        "If it is left over from an earlier run, remove it with `docker network rm NAME`.",
    ),
    (
        r"has active endpoints",
        "Something outside this stack is still connected to it: "
        "`docker network inspect NAME` shows what.",
    ),
    (
        r"volume is in use",
        "Something outside this stack still uses it: `docker ps -a --filter volume=NAME` "
        "shows what.",
    ),
    (
        r"No such image|pull access denied|not found: manifest|no such host|connection refused",
        "Build or load the image on this machine first, or make its registry reachable.",
    ),
    (r"no space left on device", "Free some disk: `docker system df` shows what Docker keeps."),
    (
        r"could not find an available.*address pool",
        "Docker has no subnet left: remove unused networks with `docker network prune`.",
    ),
)


def _what_to_do(said: str) -> str:
    return next((advice for pattern, advice in _ADVICE if re.search(pattern, said)), "")
