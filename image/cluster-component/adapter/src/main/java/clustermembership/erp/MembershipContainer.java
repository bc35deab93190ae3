package clustermembership.erp;

import clustermembership.VisitorGate;
import java.io.IOException;
import java.util.Optional;
import javax.management.JMException;
import org.ofbiz.base.container.Container;
import org.ofbiz.base.container.ContainerException;
import org.ofbiz.base.util.Debug;
import org.ofbiz.entity.DelegatorFactory;

/**
 * The container that scipio-component.xml names. The ERP starts the containers of components in their
 * order, hot-deploy last, so Tomcat runs by then; visitors come later, when the agent says so.
 */
public final class MembershipContainer implements Container {
    private static final String MODULE = MembershipContainer.class.getName();
    private static final String DELEGATOR = "default";

    private String name = "";

    @Override
    public void init(String[] args, String containerName, String configFile) {
        name = containerName;
    }

    @Override
    public boolean start() throws ContainerException {
        try {
            Optional<VisitorGate> gate = VisitorGate.ofThisJvm(MembershipContainer::clearEntityCaches);
            if (gate.isPresent()) {
                int engines = EngineGates.install(gate.get());
                Debug.logInfo("Visitors are let in while the node is one of the cluster; engines: " + engines, MODULE);
            }
            return true;
        } catch (IOException | JMException e) {
            throw new ContainerException("The node's membership cannot be asked", e);
        }
    }

    @Override
    public void stop() {
        // The gate is part of Tomcat, which ends by itself.
    }

    @Override
    public String getName() {
        return name;
    }

    /** What the other nodes cleared while this one stood still. */
    private static void clearEntityCaches() {
        DelegatorFactory.getDelegator(DELEGATOR).clearAllCaches(false);
        Debug.logInfo("The node was not confirmed for a time: its entity caches are cleared", MODULE);
    }
}
