package referencenode.http;

import clustercacheclear.CacheClearMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import referencenode.cacheclear.CacheClearListener;
import referencenode.config.Connector;

/** {@code /reference/node}: what this node is and how it does; makes no session. */
final class NodePage {
    static final String PATH = "/reference/node";

    private final String instanceId;
    private final String databaseUser;
    private final Optional<CacheClearListener> listener;
    private final Optional<CacheClearMXBean> sending;
    private final Sessions sessions;

    NodePage(String instanceId, String databaseUser, Optional<CacheClearListener> listener,
            Optional<CacheClearMXBean> sending, Sessions sessions) {
        this.instanceId = instanceId;
        this.databaseUser = databaseUser;
        this.listener = listener;
        this.sending = sending;
        this.sessions = sessions;
    }

    Response answer(Connector connector) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("implementation", "reference node");
        members.put("instanceId", instanceId);
        members.put("subscribed", listener.map(CacheClearListener::isSubscribed).orElse(false));
        members.put("liveBroker", listener.map(CacheClearListener::liveBroker).orElse(null));
        members.put("databaseUser", databaseUser);
        members.put("sessions", sessions.count());
        members.put("uptimeSeconds", ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0);
        members.put("threads", ManagementFactory.getThreadMXBean().getThreadCount());
        members.put("scheme", connector.scheme);
        members.put("serverPort", connector.serverPort);
        sending.ifPresent(figures -> addFigures(members, figures));
        return Response.json(200, members);
    }

    /** Of the resilient sender alone; named as its MXBean names them. */
    private static void addFigures(Map<String, Object> members, CacheClearMXBean figures) {
        members.put("cacheClearQueued", figures.getQueued());
        members.put("cacheClearSent", figures.getSent());
        members.put("cacheClearCoalesced", figures.getCoalesced());
        members.put("cacheClearDroppedToClearAll", figures.getDroppedToClearAll());
        members.put("cacheClearClearAllsSent", figures.getClearAllsSent());
        members.put("cacheClearFailures", figures.getFailures());
        members.put("cacheClearReconnects", figures.getReconnects());
        members.put("cacheClearQueueDepth", figures.getQueueDepth());
        members.put("cacheClearConnected", figures.isConnected());
        members.put("cacheClearPublishMedianMs", figures.getPublishMedianMillis());
        members.put("cacheClearPublishP99Ms", figures.getPublishP99Millis());
    }
}
