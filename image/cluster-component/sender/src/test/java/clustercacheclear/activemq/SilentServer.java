package clustercacheclear.activemq;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Accepts connections and never says a word, as the kernel does for a process that is frozen. */
final class SilentServer implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> accepted = new ArrayList<>();

    SilentServer() throws IOException {
        Thread thread = new Thread(this::accept, "silent server");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    synchronized int accepted() {
        return accepted.size();
    }

    private void accept() {
        try {
            while (true) {
                Socket next = server.accept();
                synchronized (this) {
                    accepted.add(next);
                }
            }
        } catch (IOException e) {
            // Closed.
            return;
        }
    }

    @Override
    public synchronized void close() throws IOException {
        server.close();
        for (Socket each : accepted) {
            each.close();
        }
    }
}
