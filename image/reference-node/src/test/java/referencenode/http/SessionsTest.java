package referencenode.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SessionsTest {
    private final AtomicLong clock = new AtomicLong();
    private final Sessions sessions = new Sessions(clock::get);

    @Test
    void aSessionLivesAsLongAsItIsUsed() {
        Session session = sessions.create();
        clock.addAndGet(Sessions.IDLE_MILLIS);
        assertTrue(sessions.find(session.id).isPresent());
        clock.addAndGet(Sessions.IDLE_MILLIS);
        assertEquals(1, sessions.count());
        clock.addAndGet(1);
        assertEquals(0, sessions.count());
        assertTrue(sessions.find(session.id).isEmpty());
    }

    @Test
    void idsAreNotRepeated() {
        assertNotEquals(sessions.create().id, sessions.create().id);
    }

    @Test
    void jsonHoldsEveryKindOfValue() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("text", "a\"b\\c\n\u0001é");
        members.put("number", 1.5);
        members.put("yes", true);
        members.put("nothing", null);
        assertEquals("{\"text\":\"a\\\"b\\\\c\\u000a\\u0001é\",\"number\":1.5,\"yes\":true,\"nothing\":null}",
                Json.object(members));
    }
}
