package referencenode.http;

import clustercacheclear.CacheClearMXBean;
import java.io.IOException;
import java.util.Optional;
import referencenode.ReferenceRows;
import referencenode.cacheclear.CacheClearListener;
import referencenode.config.Connector;
import referencenode.database.NestedTransactions;

/** Which page answers which path. */
public final class WebPages {
    final Sessions sessions;
    private final NodePage node;
    private final SessionPage session;
    private final RowsPage rows;
    private final NestedPage nested;
    private final StockPages stock;

    public WebPages(String instanceId, String databaseUser, Optional<CacheClearListener> listener,
            Optional<CacheClearMXBean> sending, ReferenceRows rows, NestedTransactions nested, Sessions sessions) {
        this.sessions = sessions;
        this.node = new NodePage(instanceId, databaseUser, listener, sending, sessions);
        this.session = new SessionPage(instanceId);
        this.rows = new RowsPage(instanceId, rows);
        this.nested = new NestedPage(instanceId, nested);
        this.stock = new StockPages(instanceId);
    }

    Response answer(Request request, Connector connector) throws IOException {
        try {
            if (request.path.equals(NodePage.PATH)) {
                return node.answer(connector);
            }
            if (request.path.startsWith(SessionPage.PREFIX)) {
                return session.answer(request);
            }
            if (request.path.startsWith(RowsPage.PREFIX)) {
                return rows.answer(request);
            }
            if (request.path.equals(NestedPage.PATH)) {
                return nested.answer(request);
            }
            return stock.answer(request);
        } catch (BadRequestException e) {
            return Response.text(e.status, e.getMessage() + "\n");
        }
    }
}
