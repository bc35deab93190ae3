package clustercacheclear.activemq;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** In which order brokers are tried: one that failed goes last, for all connections of this JVM. */
final class BrokerOrder {
    private static final Map<List<URI>, BrokerOrder> ORDERS = new ConcurrentHashMap<>();

    private final List<URI> order;

    private BrokerOrder(List<URI> brokers) {
        order = new ArrayList<>(brokers);
    }

    static BrokerOrder of(List<URI> brokers) {
        return ORDERS.computeIfAbsent(List.copyOf(brokers), BrokerOrder::new);
    }

    synchronized List<URI> now() {
        return List.copyOf(order);
    }

    synchronized void failed(URI broker) {
        // A failure of one that is last already says nothing about the others.
        if (order.remove(broker)) {
            order.add(broker);
        }
    }
}
