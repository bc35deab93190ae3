"""An account that answers what a test wrote down, in place of AWS."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from account.errors import MissingError
from account.session import Aws

Answer = Mapping[str, Any] | Exception | Callable[[Mapping[str, Any]], Mapping[str, Any]]


@dataclass(frozen=True)
class ScriptedAws(Aws):
    """Operations by `service.operation`; of what is not written down there is nothing."""

    region: str = "eu-central-1"
    session: Any = None
    answers: dict[str, Answer] = field(default_factory=dict)

    def ask(self, service: str, operation: str, **arguments: Any) -> Mapping[str, Any]:
        answer = self.answers.get(f"{service}.{operation}", missing("NotFound"))
        if isinstance(answer, Exception):
            raise answer
        return answer(arguments) if callable(answer) else answer

    def ask_all(self, service: str, operation: str, key: str, **arguments: Any) -> list[Any]:
        if f"{service}.{operation}" not in self.answers:
            return []
        return list(self.ask(service, operation, **arguments).get(key) or [])


def missing(code: str) -> MissingError:
    """AWS has no such thing."""
    return MissingError(code, "there is none")


def tagged(cluster: str) -> list[dict[str, str]]:
    """Tags of what that cluster made."""
    return [{"Key": "Cluster", "Value": cluster}]
