package referencenode.http;

import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** Sessions by id; one that was not used for its idle time is gone. */
public final class Sessions {
    /** As of the ERP's administration pages (webtools WEB-INF/web.xml). */
    public static final long IDLE_MILLIS = 60 * 60 * 1000L;
    private static final int ID_BYTES = 16;

    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();
    private final LongSupplier clockMillis;

    public Sessions(LongSupplier clockMillis) {
        this.clockMillis = clockMillis;
    }

    Session create() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        StringBuilder id = new StringBuilder(2 * ID_BYTES);
        for (byte part : bytes) {
            id.append(String.format("%02X", part));
        }
        Session session = new Session(id.toString(), clockMillis.getAsLong());
        sessions.put(session.id, session);
        return session;
    }

    /** The session with this id, which counts as used now. */
    Optional<Session> find(String id) {
        Session session = sessions.get(id);
        if (session == null) {
            return Optional.empty();
        }
        if (isIdle(session)) {
            sessions.remove(id);
            return Optional.empty();
        }
        session.usedAtMillis = clockMillis.getAsLong();
        return Optional.of(session);
    }

    /** Living sessions; those idle for too long are forgotten on the way. */
    int count() {
        sessions.values().removeIf(this::isIdle);
        return sessions.size();
    }

    private boolean isIdle(Session session) {
        return clockMillis.getAsLong() - session.usedAtMillis > IDLE_MILLIS;
    }
}
