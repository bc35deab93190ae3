package clustercacheclear.activemq;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A plain socket, also below TLS, that is closed when the other side takes nothing of a write for too long: a
 * write has no time-out of its own, and a host that is gone takes nothing for a quarter of an hour.
 */
final class GuardedSocket extends Socket {
    private static final long LOOK_MILLIS = 500;
    private static final long LONGEST_WRITE_NANOS = TimeUnit.MILLISECONDS.toNanos(2_500);
    private static final Set<GuardedSocket> OPEN = ConcurrentHashMap.newKeySet();

    static {
        Clock.every(LOOK_MILLIS, GuardedSocket::closeThoseThatHang);
    }

    /** 0 while nothing is being written. */
    private volatile long writingSinceNanos;

    GuardedSocket() {
        OPEN.add(this);
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new FilterOutputStream(super.getOutputStream()) {
            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                writingSinceNanos = System.nanoTime() | 1;
                try {
                    out.write(bytes, offset, length);
                } finally {
                    writingSinceNanos = 0;
                }
            }
        };
    }

    @Override
    public void close() {
        OPEN.remove(this);
        try {
            super.close();
        } catch (IOException e) {
            // It is of no use any more either way.
            writingSinceNanos = 0;
        }
    }

    /** How many are open in this JVM; for tests. */
    static int open() {
        return OPEN.size();
    }

    private static void closeThoseThatHang() {
        long now = System.nanoTime();
        for (GuardedSocket socket : OPEN) {
            long since = socket.writingSinceNanos;
            if (since != 0 && now - since > LONGEST_WRITE_NANOS) {
                socket.close();
            }
        }
    }
}
