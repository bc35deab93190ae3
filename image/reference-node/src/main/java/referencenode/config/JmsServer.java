package referencenode.config;

/** The {@code <server>} of the jms-service {@code serviceMessenger}. */
public final class JmsServer {
    public final String jndiName;
    public final String topicName;
    public final String user;
    public final String password;
    public final boolean listen;
    /** Empty: the ERP's own {@code org.ofbiz.service.jms.JmsTopicListener}. */
    public final String listenerClass;

    JmsServer(String jndiName, String topicName, String user, String password, boolean listen,
            String listenerClass) {
        this.jndiName = jndiName;
        this.topicName = topicName;
        this.user = user;
        this.password = password;
        this.listen = listen;
        this.listenerClass = listenerClass;
    }
}
