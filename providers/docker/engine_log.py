"""Lines for the person who runs the engine: lasting ones, and a status that the next replaces."""

from dataclasses import dataclass
from typing import Any

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

_RPC_DEADLINE_S = 10


class EngineLog:
    """The engine's log. A line that cannot be delivered is dropped: work goes before words."""

    def __init__(self, address: str) -> None:
        self._channel = grpc.insecure_channel(address)
        self._engine: Any = engine_pb2_grpc.EngineStub(self._channel)

    def say(self, severity: int, message: str, urn: str = "", *, ephemeral: bool = False) -> None:
        """Deliver one message; `ephemeral` ones are the status of a resource."""
        request = engine_pb2.LogRequest(
            severity=severity,  # type: ignore[arg-type]  # the stubs' own alias of int
            message=message,
            urn=urn,
            ephemeral=ephemeral,
        )
        try:
            self._engine.Log(request, timeout=_RPC_DEADLINE_S)
        except grpc.RpcError:
            return

    def close(self) -> None:
        """End the connection."""
        self._channel.close()


@dataclass(frozen=True)
class ResourceLog:
    """The engine's log, for one resource."""

    engine: EngineLog
    urn: str

    def status(self, message: str) -> None:
        """What is going on now; replaced by the next status."""
        self.engine.say(engine_pb2.INFO, message, self.urn, ephemeral=True)

    def info(self, message: str) -> None:
        """Something worth keeping on the screen."""
        self.engine.say(engine_pb2.INFO, message, self.urn)

    def warning(self, message: str) -> None:
        """Something that a person should look at."""
        self.engine.say(engine_pb2.WARNING, message, self.urn)
