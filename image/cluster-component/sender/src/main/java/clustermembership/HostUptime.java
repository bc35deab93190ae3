package clustermembership;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.DoubleSupplier;

/**
 * Seconds since the host's boot, the time included in which it slept (proc(5), /proc/uptime): the clock
 * that the node's agent shares with this JVM. No clock of the JDK goes on while the host sleeps and
 * cannot be set.
 */
final class HostUptime implements DoubleSupplier {
    private static final Path FILE = Path.of("/proc/uptime");
    private static final int LONGEST = 64;

    /** Open as long as the JVM: a node that is short of file descriptors must not lose its clock. */
    private final FileChannel file;

    HostUptime() throws IOException {
        file = FileChannel.open(FILE);
        read();
    }

    /** Endless where it cannot be read: then nothing counts as confirmed. */
    @Override
    public double getAsDouble() {
        try {
            return read();
        } catch (IOException | NumberFormatException e) {
            return Double.POSITIVE_INFINITY;
        }
    }

    private double read() throws IOException {
        ByteBuffer text = ByteBuffer.allocate(LONGEST);
        file.read(text, 0);
        text.flip();
        return Double.parseDouble(StandardCharsets.US_ASCII.decode(text).toString().split(" ", 2)[0]);
    }
}
