package clustercacheclear;

/** The text of a message cannot be made (now); its clear becomes a clear of everything. */
public final class MessageTextException extends Exception {
    private static final long serialVersionUID = 1L;

    public MessageTextException(String message) {
        super(message);
    }

    public MessageTextException(String message, Throwable cause) {
        super(message, cause);
    }
}
