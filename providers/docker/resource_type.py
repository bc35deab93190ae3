"""What every type of resource can do; the protocol's server knows no more of them."""

import threading
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import docker

from providers.docker.codec import UNKNOWN, Properties
from providers.docker.diff import Change
from providers.docker.engine_log import ResourceLog
from providers.docker.errors import Cancelled
from providers.docker.schema import Record


@dataclass(frozen=True)
class Operation:
    """What one call has: Docker, a log, and whether the person wants to stop."""

    docker: docker.APIClient
    log: ResourceLog
    cancelled: threading.Event

    def pause(self, seconds: float, doing: str) -> None:
        """Wait for the next look at something. Raises `Cancelled` as soon as the run is stopped."""
        if self.cancelled.wait(seconds):
            raise Cancelled(doing)

    def stop_if_cancelled(self, doing: str) -> None:
        """Raises `Cancelled` once the run is stopped."""
        self.pause(0, doing)


@dataclass(frozen=True)
class Live:
    """What exists: its id, what the state shows, and the arguments it was made with."""

    id: str
    outputs: Properties
    inputs: Properties


class ResourceType(ABC):
    """One type: its arguments as data, its life as four calls. Parameters are by position."""

    token: ClassVar[str]
    arguments: ClassVar[Record]
    computed: ClassVar[tuple[str, ...]]
    """Outputs that only exist once it does."""
    autonamed: ClassVar[bool] = False
    """Whether a missing `name` is made from the logical one."""
    always_deleted_first: ClassVar[bool] = False
    """Whether the old one goes before the new one comes, whatever their names."""

    def completed(self, inputs: Properties, /) -> Properties:
        """Valid inputs with what is derived from them. Raises `ProviderError`."""
        return inputs

    def rules(self, _inputs: Properties, /) -> list[str]:
        """Faults that concern more than one argument."""
        return []

    def unfinished(self, _outputs: Properties, /) -> list[Change]:
        """What an earlier run left behind and only a new one mends."""
        return []

    def planned(self, inputs: Properties, /) -> Properties:
        """Outputs before anything is made: what is asked for, the rest unknown."""
        unknown: Properties = {name: UNKNOWN for name in self.computed if name not in inputs}
        return {**visible(inputs), **unknown}

    def planned_update(self, recorded: Live, inputs: Properties, /) -> Properties:
        """Outputs before a change in place is made."""
        return {**recorded.outputs, **visible(inputs)}

    @abstractmethod
    def create(self, inputs: Properties, operation: Operation, /) -> Live:
        """Make it. Raises `InitFailedError` when it exists but does not serve."""

    @abstractmethod
    def read(self, recorded: Live, operation: Operation, /) -> Live | None:
        """What exists now, None when it is gone; nothing recorded but the id asks for an import."""

    def update(self, recorded: Live, inputs: Properties, _operation: Operation, /) -> Properties:
        """Change it in place; the new outputs. Where all changes replace, only secrecy differs."""
        return {**recorded.outputs, **visible(inputs)}

    @abstractmethod
    def delete(self, recorded: Live, operation: Operation, /) -> None:
        """Remove it; that it is gone already is fine."""


def visible(inputs: Properties) -> Properties:
    """The inputs as outputs show them: without what only the provider reads."""
    return {key: value for key, value in inputs.items() if not key.startswith("__")}
