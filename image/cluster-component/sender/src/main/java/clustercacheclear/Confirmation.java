package clustercacheclear;

/** The broker's answer to one message; called once, or never, from any thread. */
public interface Confirmation {
    void confirmed();

    void refused(Exception failure);
}
