package referencenode.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What goes back to the visitor. */
final class Response {
    final int status;
    final byte[] body;
    final Map<String, String> headers = new LinkedHashMap<>();

    private Response(int status, String contentType, byte[] body) {
        this.status = status;
        this.body = body;
        headers.put("Content-Type", contentType);
        headers.put("Cache-Control", "no-store");
    }

    static Response text(int status, String text) {
        return new Response(status, "text/plain;charset=UTF-8", text.getBytes(StandardCharsets.UTF_8));
    }

    static Response html(String page) {
        return new Response(200, "text/html;charset=UTF-8", page.getBytes(StandardCharsets.UTF_8));
    }

    static Response json(int status, Map<String, ?> members) {
        return new Response(status, "application/json", Json.object(members).getBytes(StandardCharsets.UTF_8));
    }

    static Response gif(byte[] image) {
        return new Response(200, "image/gif", image);
    }

    static Response redirect(String location) {
        Response response = text(302, "see " + location + "\n");
        response.headers.put("Location", location);
        return response;
    }

    static Response notFound() {
        return text(404, "not found\n");
    }

    Response with(String header, String value) {
        headers.put(header, value);
        return this;
    }
}
