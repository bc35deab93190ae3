package clustercacheclear;

/** Makes the text {@code serviceContext} of one message, on the sending thread. */
@FunctionalInterface
public interface MessageText {
    String text() throws MessageTextException;
}
