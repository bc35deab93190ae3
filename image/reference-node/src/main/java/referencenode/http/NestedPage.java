package referencenode.http;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import referencenode.Log;
import referencenode.database.NestedTransactions;

/** {@code /reference/nested}: a request that takes a further connection while it holds its first. */
final class NestedPage implements Page {
    static final String PATH = "/reference/nested";
    private static final Log LOG = new Log(NestedPage.class);
    private static final int MOST_CONNECTIONS = 1000;
    private static final int LONGEST_MILLIS = 3_600_000;

    private final String instanceId;
    private final NestedTransactions transactions;

    NestedPage(String instanceId, NestedTransactions transactions) {
        this.instanceId = instanceId;
        this.transactions = transactions;
    }

    @Override
    public Response answer(Request request) throws BadRequestException {
        int connections = Math.max(2, request.number("connections", 3, MOST_CONNECTIONS));
        int workMillis = request.number("work", 0, LONGEST_MILLIS);
        int holdMillis = request.number("hold", 0, LONGEST_MILLIS);
        int statementMillis = request.number("statement", 0, LONGEST_MILLIS);
        try {
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("instanceId", instanceId);
            if (statementMillis > 0) {
                transactions.work(statementMillis);
                return Response.json(200, members);
            }
            members.put("id", transactions.run(connections, workMillis, holdMillis));
            members.put("connections", connections);
            return Response.json(200, members);
        } catch (SQLException e) {
            LOG.error("A request with nested transactions failed and was rolled back", e);
            return Response.json(503, Map.of("error", Log.chain(e)));
        }
    }
}
