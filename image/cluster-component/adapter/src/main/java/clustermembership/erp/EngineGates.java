package clustermembership.erp;

import clustermembership.VisitorGate;
import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.catalina.Engine;

/** Puts the gate in front of every Tomcat of this JVM, which the ERP keeps to itself. */
final class EngineGates {
    private EngineGates() {
    }

    /** Returns how many engines have it. Tomcat shows each in JMX (mbeans-descriptors.xml, StandardEngine). */
    static int install(VisitorGate gate) throws JMException {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        int engines = 0;
        for (ObjectName name : beans.queryNames(new ObjectName("*:type=Engine"), null)) {
            Object engine = beans.getAttribute(name, "managedResource");
            if (engine instanceof Engine) {
                ((Engine) engine).getPipeline().addValve(new MembershipValve(gate));
                engines++;
            }
        }
        return engines;
    }
}
