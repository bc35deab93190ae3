package clustercacheclear;

/** How much a clear concerns, and what must be cleared instead when it is lost. */
public enum Scope {
    /** Rows and lists of rows. */
    ENTITY_CACHES,
    /** Anything else that a node keeps: texts, screens, mappings. Includes the entity caches. */
    ALL_CACHES;

    /** Whether clearing everything of this scope makes a clear of the other one needless. */
    public boolean covers(Scope other) {
        return compareTo(other) >= 0;
    }

    /** The wider of the two; {@code other} may be null, nothing. */
    Scope including(Scope other) {
        return other == null || covers(other) ? this : other;
    }
}
