"""The local brokers: ActiveMQ Classic 5.19, two over one store, of which one is live."""
