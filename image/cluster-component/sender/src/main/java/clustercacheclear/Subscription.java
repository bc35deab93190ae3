package clustercacheclear;

import java.util.OptionalLong;

/** Whether this node hears of the others' clears. */
public interface Subscription {
    /**
     * Since when a message published arrives and nothing before it is missing, in milliseconds of the
     * epoch; empty while that is not so.
     */
    OptionalLong subscribedSinceMillis();
}
