package org.ofbiz.base.util;

import javax.naming.InitialContext;
import org.ofbiz.base.config.GenericConfigException;

public class JNDIContextFactory {
    public static InitialContext getInitialContext(String jndiServerName) throws GenericConfigException {
        throw new UnsupportedOperationException("a signature alone");
    }

    public static void clearInitialContext(String jndiServerName) {
        throw new UnsupportedOperationException("a signature alone");
    }
}
