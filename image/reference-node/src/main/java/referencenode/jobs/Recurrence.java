package referencenode.jobs;

import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a recurring job runs next. Simplified: the ERP evaluates temporal expressions, here
 * {@code EVERY_<n>_S} means every n seconds and any other expression once a day.
 */
final class Recurrence {
    private static final Pattern SECONDS = Pattern.compile("EVERY_(\\d{1,7})_S");

    private Recurrence() {
    }

    static Instant next(String temporalExpressionId, Instant now) {
        Matcher seconds = SECONDS.matcher(temporalExpressionId);
        return now.plus(seconds.matches()
                ? Duration.ofSeconds(Long.parseLong(seconds.group(1)))
                : Duration.ofDays(1));
    }
}
