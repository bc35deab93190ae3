package referencenode.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import referencenode.config.Connector;

/** One request, as far as the pages of this node care. */
final class Request {
    static final String SESSION_COOKIE = "JSESSIONID";
    private static final int LARGEST_BODY_BYTES = 64 * 1024;

    final String method;
    final String path;
    private final HttpExchange exchange;
    private final Connector connector;
    private final Sessions sessions;
    private Session created;

    Request(HttpExchange exchange, Connector connector, Sessions sessions) {
        this.exchange = exchange;
        this.connector = connector;
        this.sessions = sessions;
        this.method = exchange.getRequestMethod();
        this.path = exchange.getRequestURI().getRawPath();
    }

    /** What follows {@code prefix}, decoded: one path segment that is text. */
    String segmentAfter(String prefix) throws BadRequestException {
        String raw = path.substring(prefix.length());
        if (raw.isEmpty() || raw.indexOf('/') >= 0) {
            throw new BadRequestException(400, prefix + "<name>: the name must be one path segment");
        }
        try {
            return text(URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new BadRequestException(400, prefix + "<name>: the name is not percent-encoded UTF-8");
        }
    }

    /** {@code parameter} is a name and its value, as in {@code rows=100}. */
    boolean hasQuery(String parameter) {
        String query = exchange.getRequestURI().getRawQuery();
        return query != null && List.of(query.split("&")).contains(parameter);
    }

    /** The whole number of {@code name=number}, or {@code otherwise} where the query does not have it. */
    int number(String name, int otherwise, int most) throws BadRequestException {
        String query = exchange.getRequestURI().getRawQuery();
        for (String parameter : query == null ? List.<String>of() : List.of(query.split("&"))) {
            if (parameter.startsWith(name + "=")) {
                String value = parameter.substring(name.length() + 1);
                if (!value.matches("\\d{1,9}") || Integer.parseInt(value) > most) {
                    throw new BadRequestException(400, name + ": must be a whole number from 0 to " + most);
                }
                return Integer.parseInt(value);
            }
        }
        return otherwise;
    }

    /** The body as text; it may be empty. */
    String body() throws IOException, BadRequestException {
        byte[] bytes = exchange.getRequestBody().readNBytes(LARGEST_BODY_BYTES + 1);
        if (bytes.length > LARGEST_BODY_BYTES) {
            throw new BadRequestException(413, "the body is larger than " + LARGEST_BODY_BYTES + " bytes");
        }
        try {
            return text(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            throw new BadRequestException(400, "the body is not UTF-8");
        }
    }

    Optional<Session> session() {
        if (created != null) {
            return Optional.of(created);
        }
        return cookie().flatMap(sessions::find);
    }

    /** The visitor's session, made now when there is none. */
    Session sessionOrNew() {
        return session().orElseGet(() -> created = sessions.create());
    }

    /** The cookie of a session that this request made. */
    Optional<String> newSessionCookie() {
        return Optional.ofNullable(created).map(session -> SESSION_COOKIE + "=" + session.id
                + "; Path=/; HttpOnly" + (connector.scheme.equals("https") ? "; Secure" : ""));
    }

    /** An absolute URL as the visitor must see it: the connector's scheme and proxy port. */
    String url(String target) {
        int usual = connector.scheme.equals("https") ? 443 : 80;
        String port = connector.serverPort == usual ? "" : ":" + connector.serverPort;
        return connector.scheme + "://" + host() + port + target;
    }

    private String host() {
        if (!connector.proxyName.isEmpty()) {
            return connector.proxyName;
        }
        String host = exchange.getRequestHeaders().getFirst("Host");
        // Only names and addresses come back in a link.
        return host != null && host.matches("[A-Za-z0-9.-]+(:\\d+)?|\\[[0-9a-fA-F:.]+](:\\d+)?")
                ? host.replaceFirst(":\\d+$", "")
                : "localhost";
    }

    private Optional<String> cookie() {
        return exchange.getRequestHeaders().getOrDefault("Cookie", List.of()).stream()
                .flatMap(header -> java.util.Arrays.stream(header.split(";")))
                .map(String::trim)
                .filter(pair -> pair.startsWith(SESSION_COOKIE + "="))
                .map(pair -> pair.substring(SESSION_COOKIE.length() + 1))
                .findFirst();
    }

    /** Neither PostgreSQL nor XML can hold all control characters, so none but white space is taken. */
    private static String text(String text) throws BadRequestException {
        boolean holds = text.codePoints().allMatch(c -> c == '\t' || c == '\n' || c == '\r'
                || c >= ' ' && c != 0xFFFE && c != 0xFFFF && (c < 0xD800 || c > 0xDFFF));
        if (!holds) {
            throw new BadRequestException(400, "control characters other than tab and line breaks are not taken");
        }
        return text;
    }
}
