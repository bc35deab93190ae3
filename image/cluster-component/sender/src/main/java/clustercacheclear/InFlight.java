package clustercacheclear;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Messages handed over that the broker has not confirmed yet, oldest first. Not safe for several threads. */
final class InFlight {
    /** Many answers' time apart, so that a message need not wait for the answer to the one before. */
    static final int MOST_MESSAGES = 256;
    /**
     * Less than the two sockets' buffers hold (ActiveMQ asks for 64 KiB each): handing over to a broker
     * that has stopped reading must not block the thread that watches how long its answers take.
     */
    static final int MOST_CHARACTERS = 48 * 1024;

    private final Set<Message> messages = new LinkedHashSet<>();
    private int characters;
    private Exception failure;

    /** Whether one more may be handed over; one too large for the limit may, alone. */
    boolean hasRoom() {
        return messages.size() < MOST_MESSAGES && characters < MOST_CHARACTERS;
    }

    Message add(PendingClears.Waiting waiting, int length, long nowNanos) {
        Message message = new Message(waiting, length, nowNanos);
        messages.add(message);
        characters += length;
        return message;
    }

    /** False where the message is not one of these. */
    boolean confirmed(Message message) {
        if (!messages.remove(message)) {
            return false;
        }
        characters -= message.length;
        return true;
    }

    boolean holds(Message message) {
        return messages.contains(message);
    }

    /** Nothing of what is in flight can be relied on any more. */
    void fail(Exception because) {
        if (failure == null) {
            failure = because;
        }
    }

    /** Null while there is none. */
    Exception failure() {
        return failure;
    }

    /** How long the oldest message has waited for its answer; 0 when nothing is in flight. */
    long oldestNanos(long nowNanos) {
        Iterator<Message> oldest = messages.iterator();
        return oldest.hasNext() ? nowNanos - oldest.next().handedOverNanos : 0;
    }

    /** Since when the oldest message waits to be sent or answered; {@code nowNanos} when nothing is in flight. */
    long oldestSinceNanos(long nowNanos) {
        Iterator<Message> oldest = messages.iterator();
        return oldest.hasNext() ? oldest.next().waiting.sinceNanos : nowNanos;
    }

    List<Message> messages() {
        return List.copyOf(messages);
    }

    boolean isEmpty() {
        return messages.isEmpty();
    }

    int size() {
        return messages.size();
    }

    /** One message without its answer. */
    static final class Message {
        final PendingClears.Waiting waiting;
        private final int length;
        private final long handedOverNanos;

        private Message(PendingClears.Waiting waiting, int length, long handedOverNanos) {
            this.waiting = waiting;
            this.length = length;
            this.handedOverNanos = handedOverNanos;
        }
    }
}
