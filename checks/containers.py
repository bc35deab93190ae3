"""What checks need of whatever runs the containers: fault checks, and looks from inside."""

from collections.abc import Sequence
from typing import Protocol


class Containers(Protocol):
    """Containers by name. Every method raises BrokenPromiseError when the engine refuses."""

    def kill(self, name: str) -> None:
        """The container's processes are gone at once (SIGKILL), and stay gone."""

    def start(self, name: str) -> None:
        """The container runs, or is about to; nothing happens when it runs already."""

    def is_healthy(self, name: str) -> bool:
        """Runs, and its own health check, where it has one, passes."""

    def ask(self, name: str, command: Sequence[str]) -> str:
        """What `command` prints inside, whatever its exit code; empty when it does not run."""

    def last_lines(self, name: str) -> str:
        """The end of its log."""
