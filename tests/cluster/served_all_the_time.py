"""Visitors who keep asking while something else happens."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

from checks.cluster import Cluster
from checks.visitor import Visitor

PAUSE_S = 0.2
PATH = "/reference/node"


@dataclass
class Journal:
    """What visitors met: who answered, and what went wrong."""

    answered: dict[str, set[str]] = field(default_factory=dict)
    """Instance ids by the visitor's name."""
    failures: list[str] = field(default_factory=list)

    def ask(self, name: str, visitor: Visitor) -> None:
        try:
            answer = visitor.get(PATH)
        except httpx.HTTPError as error:
            self.failures.append(f"{name}: {type(error).__name__} {error}")
            return
        if answer.status_code == httpx.codes.OK:
            self.answered.setdefault(name, set()).add(answer.json()["instanceId"])
        else:
            self.failures.append(f"{name}: {answer.status_code}")


@contextmanager
def visiting(cluster: Cluster, staying: Mapping[str, Visitor]) -> Iterator[Journal]:
    """While entered, a new visitor comes five times a second, and each of `staying` asks again."""
    journal, over = Journal(), threading.Event()

    def visit() -> None:
        while not over.wait(PAUSE_S):
            with cluster.visitor() as stranger:
                journal.ask("stranger", stranger)
            for name, visitor in staying.items():
                journal.ask(name, visitor)

    thread = threading.Thread(target=visit)
    thread.start()
    try:
        yield journal
    finally:
        over.set()
        thread.join()
