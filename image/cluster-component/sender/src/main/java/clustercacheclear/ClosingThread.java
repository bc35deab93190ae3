package clustercacheclear;

import javax.jms.JMSException;
import javax.jms.TopicConnection;

/** Closes a connection beside its caller: closing talks to a broker that may be gone or silent. */
public final class ClosingThread {
    private ClosingThread() {
    }

    /** Null, a connection that never came to be, is closed already. */
    public static Thread close(TopicConnection connection, ClearLog log) {
        Thread thread = new Thread(() -> {
            try {
                if (connection != null) {
                    connection.close();
                }
            } catch (JMSException e) {
                log.info("A connection to the broker did not close: " + ClearLog.chain(e));
            }
        }, "cache-clear-close");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
