"""The broker URL of a node: all brokers, and a bound on every wait."""

from collections.abc import Mapping

from contract.cluster_document import Failover, Messaging


def broker_url(messaging: Messaging) -> str:
    """ActiveMQ's `failover:` URL over all brokers, the first one preferred.

    Option names: activemq.apache.org/components/classic/documentation/failover-transport-reference
    and, behind `jms.`, the properties of ActiveMQConnectionFactory.
    """
    scheme = "ssl" if messaging.tls else "tcp"
    brokers = ",".join(f"{scheme}://{broker.host}:{broker.port}" for broker in messaging.brokers)
    options = "&".join(f"{name}={value}" for name, value in _options(messaging.failover).items())
    return f"failover:({brokers})?{options}"


def _options(failover: Failover) -> Mapping[str, int | str]:
    return {
        # Bounds the first connect; `timeout` alone does not. Later reconnects stay unlimited
        # (maxReconnectAttempts is left at -1), so the listener subscribes again by itself.
        "startupMaxReconnectAttempts": failover.startup_max_reconnect_attempts,
        "initialReconnectDelay": failover.initial_reconnect_delay_ms,
        "maxReconnectDelay": failover.max_reconnect_delay_ms,
        "randomize": "false",
        "timeout": failover.timeout_ms,
        # `nested.` hands an option to each broker's own transport: here the TCP connect, which
        # otherwise waits 30 s for a host that drops packets.
        "nested.connectionTimeout": failover.connection_timeout_ms,
        # A broker that accepts and then says nothing.
        "jms.connectResponseTimeout": failover.connect_response_timeout_ms,
        "jms.sendTimeout": failover.send_timeout_ms,
    }
