"""Whether a broker listens, said at boot. Not fatal: the JVM subscribes when one comes back."""

import socket
import ssl
from collections.abc import Iterable

from contract.cluster_document import BrokerEndpoint
from node.log import Log

TIMEOUT_S = 2.0


def report_brokers(brokers: Iterable[BrokerEndpoint], log: Log) -> None:
    """Logs which broker listens; of an active/standby pair only the live one does."""
    refusals: list[str] = []
    for broker in brokers:
        refusal = _refusal(broker)
        if refusal is None:
            log.info(f"Broker {broker.host}:{broker.port} listens.")
            return
        refusals.append(f"{broker.host}:{broker.port} {refusal}")
    log.warning(
        f"No broker listens ({'; '.join(refusals)}). The node boots all the same and subscribes "
        "when one does; until then caches of other nodes are not cleared."
    )


def _refusal(broker: BrokerEndpoint) -> str | None:
    try:
        socket.create_connection((broker.host, broker.port), timeout=TIMEOUT_S).close()
    except OSError as error:
        return why_refused(error)
    return None


def why_refused(error: OSError) -> str:
    """Why there was no connection, to follow the broker's name."""
    if isinstance(error, TimeoutError):
        return f"did not answer within {TIMEOUT_S:g} s"
    if isinstance(error, socket.gaierror):
        return "has an unknown host name"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"cannot be trusted: {error.verify_message}"
    return (error.strerror or str(error)).lower()
