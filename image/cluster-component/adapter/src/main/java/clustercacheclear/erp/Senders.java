package clustercacheclear.erp;

import clustercacheclear.CacheClearMXBean;
import clustercacheclear.CacheClearSender;
import clustercacheclear.ClearLog;
import clustercacheclear.activemq.ConfirmedSending;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import javax.management.InstanceAlreadyExistsException;
import javax.management.MBeanRegistrationException;
import javax.management.MalformedObjectNameException;
import javax.management.NotCompliantMBeanException;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.ofbiz.base.config.GenericConfigException;
import org.ofbiz.service.config.ServiceConfigUtil;
import org.ofbiz.service.config.model.JmsService;
import org.ofbiz.service.config.model.Server;

/** One sender for each {@code <server>} of the jms-service, shared by all delegators of this JVM. */
final class Senders {
    private static final String MESSENGER = "serviceMessenger";
    private static final ClearLog LOG = new ErpLog();
    private static List<CacheClearSender> shared;

    private Senders() {
    }

    /** They are started at the first call, whose delegator also tells the user of clears of everything. */
    static synchronized List<CacheClearSender> shared(Messages messages) throws GenericConfigException {
        if (shared == null) {
            List<CacheClearSender> made = new ArrayList<>();
            for (Server server : servers()) {
                made.add(new CacheClearSender(new ConfirmedSending(broker(server)), messages::everything, LOG));
            }
            // First, so that none is started twice whatever a start does.
            shared = List.copyOf(made);
            for (int number = 0; number < made.size(); number++) {
                start(made.get(number), number);
            }
        }
        return shared;
    }

    private static List<Server> servers() throws GenericConfigException {
        JmsService service = ServiceConfigUtil.getServiceEngine().getJmsServiceByName(MESSENGER);
        if (service == null) {
            throw new GenericConfigException("serviceengine.xml: there is no <jms-service name=\"" + MESSENGER
                    + "\">; configure it or turn distributed-cache-clear-enabled off", null);
        }
        switch (service.getSendMode()) {
            case "none":
                throw new GenericConfigException("serviceengine.xml, jms-service " + MESSENGER
                        + ", send-mode=\"none\": no other node gets any clear; must be \"all\"", null);
            case "all":
                return service.getServers();
            default:
                throw new GenericConfigException("serviceengine.xml, jms-service " + MESSENGER
                        + ", send-mode: got " + service.getSendMode() + "; must be \"all\"", null);
        }
    }

    private static ErpBroker broker(Server server) throws GenericConfigException {
        if (!"topic".equals(server.getType())) {
            throw new GenericConfigException("serviceengine.xml, jms-service " + MESSENGER + ", server, type: got "
                    + server.getType() + "; must be \"topic\", because every node must get every clear", null);
        }
        return new ErpBroker(server.getJndiServerName(), server.getJndiName(), server.getTopicQueue(),
                server.getUsername(), server.getPassword());
    }

    private static void start(CacheClearSender sender, int number) {
        register(sender.figures(), number);
        ErpFigures.shared().watch(sender.figures());
        sender.start();
        // The ERP ends by System.exit: what its last transactions commit is still to be sent.
        Runtime.getRuntime().addShutdownHook(new Thread(sender::flush, "cache-clear-stop"));
    }

    private static void register(CacheClearMXBean figures, int number) {
        try {
            ManagementFactory.getPlatformMBeanServer().registerMBean(
                    new StandardMBean(figures, CacheClearMXBean.class, true),
                    new ObjectName("clustercacheclear:type=CacheClear,server=" + number));
        } catch (MalformedObjectNameException | NotCompliantMBeanException | InstanceAlreadyExistsException
                | MBeanRegistrationException e) {
            LOG.warning("Cache clear: the figures are not to be had by JMX: " + ClearLog.chain(e));
        }
    }
}
