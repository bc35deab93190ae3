package clustercacheclear;

import java.util.Map;
import java.util.OptionalLong;

/** Whether this node receives the others' clears, and what it did with them since the start. */
public interface Subscription {
    /**
     * Since when a message published arrives and nothing before it is missing, in milliseconds of the
     * epoch; empty while that is not so.
     */
    OptionalLong subscribedSinceMillis();

    /** Messages that arrived, this node's own among them. */
    long received();

    /** Those of them that this node could not follow: it cleared its caches instead. */
    long notFollowed();

    /** Those that were about an entity that this node's release does not have: nothing was to be done. */
    long unknownEntities();

    /** Messages that arrived by the id of the node that sent them; {@link Origins}. */
    Map<String, Long> receivedFrom();
}
