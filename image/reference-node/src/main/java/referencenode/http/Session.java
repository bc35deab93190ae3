package referencenode.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One visitor's values, in the memory of this node alone. */
final class Session {
    final String id;
    final Map<String, String> values = new ConcurrentHashMap<>();
    volatile long usedAtMillis;

    Session(String id, long usedAtMillis) {
        this.id = id;
        this.usedAtMillis = usedAtMillis;
    }
}
