"""Which of the brokers is live: the one that takes a connection and greets in OpenWire."""

import socket
import ssl
from collections.abc import Iterator

from contract.cluster_document import BrokerEndpoint, Messaging
from contract.inside_report import InsideResult
from node.broker_reachability import TIMEOUT_S, why_refused
from node.inside.result import failed, passed
from node.inside.site import Site

GREETING = b"ActiveMQ"
"""In the first frame that a broker sends on each connection: OpenWire's WireFormatInfo. Its
sending waits for no log-in, so it says that the broker is live and not who may use it."""
_GREETING_BYTES = 64


def look(site: Site) -> Iterator[InsideResult]:
    """Of an active/standby pair exactly one listens."""
    messaging = site.document.messaging
    trusted = _trusted(messaging)
    states = {_place(broker): _state(broker, trusted) for broker in messaging.brokers}
    live = [place for place, refusal in states.items() if refusal is None]
    seen = ", ".join(
        f"{place} {'is live' if refusal is None else refusal}" for place, refusal in states.items()
    )
    wire = "over verified TLS" if messaging.tls else "without TLS"
    if len(live) == 1:
        yield passed("broker.live", f"{seen}; {wire}")
    elif live:
        yield failed(
            "broker.live",
            f"{len(live)} are live at once: {seen}",
            "They do not share one store, so nodes at different brokers miss each other's clears: "
            "stop one of them.",
        )
    else:
        yield failed(
            "broker.live",
            seen,
            "Start a broker, and check that this node may reach it; until then caches go stale.",
        )


def _trusted(messaging: Messaging) -> ssl.SSLContext | None:
    """The system's authorities, as the JVM has the JDK's, and the document's own."""
    if not messaging.tls:
        return None
    context = ssl.create_default_context()
    if messaging.ca_certificate is not None:
        context.load_verify_locations(cadata=messaging.ca_certificate)
    return context


def _place(broker: BrokerEndpoint) -> str:
    return f"{broker.host}:{broker.port}"


def _state(broker: BrokerEndpoint, trusted: ssl.SSLContext | None) -> str | None:
    """None when it is live; else what it does, to follow its name."""
    try:
        greeting = _greeting(broker, trusted)
    except OSError as error:
        return why_refused(error)
    return None if GREETING in greeting else "listens, and is no ActiveMQ broker"


def _greeting(broker: BrokerEndpoint, trusted: ssl.SSLContext | None) -> bytes:
    with socket.create_connection((broker.host, broker.port), timeout=TIMEOUT_S) as plain:
        if trusted is None:
            return plain.recv(_GREETING_BYTES)
        with trusted.wrap_socket(plain, server_hostname=broker.host) as secured:
            return secured.recv(_GREETING_BYTES)
