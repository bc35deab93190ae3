"""Names in image/cluster-component, which the ERP's configuration refers to."""

SENDER_CLASS = "clustercacheclear.erp.ResilientCacheClear"
"""Of `distributed-cache-clear-class-name` in entityengine.xml. Where the class is not on its class
path the ERP turns the cache clear off, with a warning alone (GenericDelegator.java:2686)."""
STOCK_SENDER_CLASS = "org.ofbiz.entityext.cache.EntityCacheServices"
"""The ERP's own, which it takes where no class is named (DelegatorElement.java:79-82)."""
CONTEXT_FACTORY_CLASS = "clustercacheclear.activemq.BrokerContextFactory"
"""Of `java.naming.factory.initial` in jndi.properties, in both modes of the cache clear."""
LISTENER_CLASS = "clustercacheclear.erp.WatchedTopicListener"
"""Of `listener-class` in serviceengine.xml (JmsListenerFactory.java, loadListener)."""
