package clustercacheclear;

/** A message says what this node cannot do: what it should have cleared may be old from here on. */
public final class NotFollowedException extends Exception {
    private static final long serialVersionUID = 1L;

    public NotFollowedException(String message) {
        super(message);
    }

    public NotFollowedException(String message, Throwable cause) {
        super(message, cause);
    }
}
