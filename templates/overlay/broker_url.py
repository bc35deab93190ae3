"""The broker URL of a node: all brokers, and a bound on every wait."""

from collections.abc import Mapping

from contract.cluster_document import Failover, Messaging


def broker_url(messaging: Messaging) -> str:
    """ActiveMQ's `failover:` URL over all brokers, the first one preferred.

    The component's own connection factory reads it (BoundedConnectionFactory.java): it takes the
    brokers in turn, the ones that failed last. Behind `jms.` stand its properties, behind `nested.`
    options of each broker's transport
    (activemq.apache.org/components/classic/documentation/configuring-wire-formats).
    """
    scheme = "ssl" if messaging.tls else "tcp"
    brokers = ",".join(f"{scheme}://{broker.host}:{broker.port}" for broker in messaging.brokers)
    options = "&".join(f"{name}={value}" for name, value in bounds(messaging.failover).items())
    return f"failover:({brokers})?{options}"


def bounds(failover: Failover) -> Mapping[str, int]:
    """The URL's options: the end of each wait."""
    return {
        "jms.attemptMillis": failover.connection_timeout_ms,
        "jms.connectMillis": failover.connect_ms,
        "jms.firstUseMillis": failover.first_use_ms,
        "jms.requestMillis": failover.timeout_ms,
        "jms.connectResponseTimeout": failover.connect_response_timeout_ms,
        "jms.sendTimeout": failover.send_timeout_ms,
        "jms.closeTimeout": failover.close_ms,
        "nested.wireFormat.maxInactivityDuration": failover.inactivity_ms,
        # From when on it counts, beside the time itself; sic.
        "nested.wireFormat.maxInactivityDurationInitalDelay": failover.inactivity_ms,
    }
