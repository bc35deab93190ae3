package clustercacheclear.activemq;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One try to reach one broker, and the sockets of the connection that came of it. */
final class ConnectionAttempt {
    private final long endsNanos;
    private final List<GuardedSocket> sockets = new ArrayList<>();
    private volatile String phase = "name";
    private boolean succeeded;
    private boolean ended;

    ConnectionAttempt(long millis) {
        endsNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** What it waits for; for messages. */
    String phase() {
        return phase;
    }

    void begin(String next) {
        phase = next;
    }

    /** At least 1, because 0 means for ever. Throws when the time is over. */
    int leftMillis() throws SocketTimeoutException {
        long left = TimeUnit.NANOSECONDS.toMillis(endsNanos - System.nanoTime());
        if (left <= 0) {
            throw new SocketTimeoutException("the time of the attempt is over");
        }
        return (int) left;
    }

    /** A new socket, not connected, that {@link #end} and {@link #closeSockets} close. */
    synchronized GuardedSocket socket() throws IOException {
        if (ended) {
            throw new SocketTimeoutException("the time of the attempt is over");
        }
        GuardedSocket socket = new GuardedSocket();
        sockets.add(socket);
        return socket;
    }

    /** False when it was ended before. */
    synchronized boolean succeed() {
        succeeded = !ended;
        return succeeded;
    }

    /** Whatever waits on its sockets fails now; false, and without effect, when it succeeded before. */
    synchronized boolean end() {
        if (succeeded) {
            return false;
        }
        ended = true;
        closeSockets();
        return true;
    }

    /** Never blocks, other than closing a TLS socket. */
    synchronized void closeSockets() {
        sockets.forEach(GuardedSocket::close);
        sockets.clear();
    }
}
