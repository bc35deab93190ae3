package referencenode.http;

import java.util.Map;
import java.util.stream.Collectors;

/** Writes one flat JSON object. */
public final class Json {
    private Json() {
    }

    /** Values are text, numbers, booleans or null, in the map's order. */
    public static String object(Map<String, ?> members) {
        return members.entrySet().stream()
                .map(member -> quote(member.getKey()) + ":" + value(member.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String value(Object value) {
        if (value == null || value instanceof Number || value instanceof Boolean) {
            return String.valueOf(value);
        }
        return quote(value.toString());
    }

    private static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
