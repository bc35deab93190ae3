package clustercacheclear;

/** What a node does with a message of the topic. */
@FunctionalInterface
public interface ClearReceiver {
    /**
     * Runs {@code service}, an ERP service's name, with the context as the message has it, in XML.
     *
     * @throws UnknownEntityException when it is about rows that this node cannot have: nothing need be done
     */
    void follow(String service, String context) throws NotFollowedException, UnknownEntityException;
}
