"""The local brokers: ActiveMQ Classic 5.18, two over one store, of which one is live."""
