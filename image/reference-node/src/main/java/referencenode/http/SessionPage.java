package referencenode.http;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code /reference/session/<name>}: a value that lives in the visitor's session on this node. */
final class SessionPage implements Page {
    static final String PREFIX = "/reference/session/";

    private final String instanceId;

    SessionPage(String instanceId) {
        this.instanceId = instanceId;
    }

    @Override
    public Response answer(Request request) throws IOException, BadRequestException {
        String name = request.segmentAfter(PREFIX);
        switch (request.method) {
            case "PUT":
                String value = request.body();
                request.sessionOrNew().values.put(name, value);
                return Response.json(200, members(name, value));
            case "GET":
            case "HEAD":
                String kept = request.session().map(session -> session.values.get(name)).orElse(null);
                return Response.json(kept == null ? 404 : 200, members(name, kept));
            default:
                throw new BadRequestException(405, "GET or PUT");
        }
    }

    private Map<String, Object> members(String name, String value) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("instanceId", instanceId);
        members.put("name", name);
        members.put("value", value);
        return members;
    }
}
