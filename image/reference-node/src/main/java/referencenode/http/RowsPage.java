package referencenode.http;

import java.io.IOException;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import referencenode.Log;
import referencenode.ReferenceRows;
import referencenode.cacheclear.CacheClearException;

/** {@code /reference/rows/<key>}: rows that all nodes share through the database. */
final class RowsPage implements Page {
    static final String PREFIX = "/reference/rows/";
    private static final Log LOG = new Log(RowsPage.class);
    private static final int MANY = 100;
    private static final int LONGEST_KEY = 255;

    private final String instanceId;
    private final ReferenceRows rows;

    RowsPage(String instanceId, ReferenceRows rows) {
        this.instanceId = instanceId;
        this.rows = rows;
    }

    @Override
    public Response answer(Request request) throws IOException, BadRequestException {
        String key = request.segmentAfter(PREFIX);
        if (key.length() > LONGEST_KEY) {
            throw new BadRequestException(400, "the key is longer than " + LONGEST_KEY + " characters");
        }
        try {
            switch (request.method) {
                case "PUT":
                    return write(key, request);
                case "GET":
                case "HEAD":
                    return read(key, request.hasQuery("from=database"));
                default:
                    throw new BadRequestException(405, "GET or PUT");
            }
        } catch (SQLException | CacheClearException e) {
            LOG.error(request.method + " of a row failed and was rolled back", e);
            return Response.json(503, Map.of("error", Log.chain(e)));
        }
    }

    /** The key alone, or with {@code rows=100} a hundred keys: {@code key.1} and so on. */
    private static List<String> keys(String key, Request request) {
        return request.hasQuery("rows=" + MANY)
                ? IntStream.rangeClosed(1, MANY).mapToObj(number -> key + "." + number).collect(Collectors.toList())
                : List.of(key);
    }

    private Response write(String key, Request request)
            throws SQLException, CacheClearException, IOException, BadRequestException {
        List<String> keys = keys(key, request);
        String value = request.body();
        boolean rollBack = request.hasQuery("rollback=yes");
        long started = System.nanoTime();
        if (rollBack) {
            rows.writeAndRollBack(keys, value);
        } else if (request.hasQuery("tell=nobody")) {
            rows.writeUntold(keys, value);
        } else {
            rows.write(keys, value);
        }
        Map<String, Object> members = members(keys.get(0), value);
        members.put("commitMs", (System.nanoTime() - started) / 1e6);
        members.put("rows", keys.size());
        members.put("rolledBack", rollBack);
        return Response.json(200, members);
    }

    private Response read(String key, boolean fromDatabase) throws SQLException {
        ReferenceRows.Reading reading = fromDatabase ? rows.readFromDatabase(key) : rows.read(key);
        Map<String, Object> members = members(key, reading.value.orElse(null));
        members.put("cached", reading.cached);
        members.put("clearsHeard", rows.clearsHeard(key));
        return Response.json(200, members);
    }

    private Map<String, Object> members(String key, String value) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("instanceId", instanceId);
        members.put("key", key);
        members.put("value", value);
        return members;
    }
}
