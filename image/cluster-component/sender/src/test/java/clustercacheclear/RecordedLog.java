package clustercacheclear;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Keeps what is said, from whatever thread. */
public final class RecordedLog implements ClearLog {
    public final List<String> lines = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void info(String message) {
        lines.add(message);
    }

    @Override
    public void warning(String message) {
        lines.add(message);
    }
}
