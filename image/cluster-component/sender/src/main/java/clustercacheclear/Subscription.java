package clustercacheclear;

import java.util.OptionalLong;

/** Whether this node hears of the others' clears, and what it made of them since the start. */
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
}
