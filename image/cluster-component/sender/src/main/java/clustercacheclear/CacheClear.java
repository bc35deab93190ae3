package clustercacheclear;

import java.util.Objects;

/** One message to be: which service the other nodes run, and with what. */
public final class CacheClear {
    private static final long SMALL_BYTES = 200;

    private final String service;
    private final Object key;
    private final Scope scope;
    private final MessageText context;
    private final long bytes;

    /** One that keeps next to nothing in memory while it waits. */
    public CacheClear(String service, Object key, Scope scope, MessageText context) {
        this(service, key, scope, SMALL_BYTES, context);
    }

    /**
     * Clears of equal {@code key} coalesce to the latest one, so a key must hold whatever makes two
     * clears differ. {@code context} is asked on the sending thread: what it reads must not change.
     * {@code bytes}: about what it keeps in memory while it waits.
     */
    public CacheClear(String service, Object key, Scope scope, long bytes, MessageText context) {
        this.bytes = bytes;
        this.service = Objects.requireNonNull(service, "service");
        this.key = Objects.requireNonNull(key, "key");
        this.scope = Objects.requireNonNull(scope, "scope");
        this.context = Objects.requireNonNull(context, "context");
    }

    public String service() {
        return service;
    }

    Object key() {
        return key;
    }

    Scope scope() {
        return scope;
    }

    long bytes() {
        return bytes;
    }

    String context() throws MessageTextException {
        return context.text();
    }
}
