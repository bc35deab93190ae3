"""What can happen to a broker while another one lives.

A killed process is one kind of fault: its kernel resets every connection. A frozen one accepts and
says nothing. A host that is gone says nothing either, and its kernel does not even accept.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from tests.support.activemq import ActiveMqBroker
from tests.support.cut_link import cut_link
from tests.support.reference_node import Topic
from tests.support.reference_nodes import topic_of

Fault = Callable[[ActiveMqBroker], AbstractContextManager[None]]


@contextmanager
def killed(broker: ActiveMqBroker) -> Iterator[None]:
    broker.kill()
    try:
        yield
    finally:
        broker.start()


@contextmanager
def frozen(broker: ActiveMqBroker) -> Iterator[None]:
    broker.freeze()
    try:
        yield
    finally:
        broker.thaw()


@contextmanager
def vanished(broker: ActiveMqBroker) -> Iterator[None]:
    with cut_link(broker.port):
        yield


FAULTS: list[Fault] = [killed, frozen, vanished]


@dataclass(frozen=True)
class Brokers:
    """Two that live, each with a store of its own: neither waits for a lock."""

    first: ActiveMqBroker
    second: ActiveMqBroker

    @property
    def topic(self) -> Topic:
        return topic_of(self.first, self.second)

    def named(self, fault: Fault) -> str:
        """The fault and the transport, in the words of the page of recoveries."""
        return f"{fault.__name__}, {'TLS' if self.first.ca_certificate else 'tcp'}"
