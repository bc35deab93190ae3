package referencenode.cacheclear;

/** A cache clear could not be sent; the write that needed it must be rolled back. */
public final class CacheClearException extends Exception {
    private static final long serialVersionUID = 1L;

    public CacheClearException(String message) {
        super(message);
    }

    public CacheClearException(String message, Throwable cause) {
        super(message, cause);
    }
}
