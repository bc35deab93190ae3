package clustercacheclear.erp;

import clustercacheclear.ClearLog;
import org.ofbiz.base.util.Debug;

/** The component's lines in the ERP's own log. */
final class ErpLog implements ClearLog {
    private static final String MODULE = ErpLog.class.getName();

    @Override
    public void info(String message) {
        Debug.logInfo(message, MODULE);
    }

    @Override
    public void warning(String message) {
        Debug.logWarning(message, MODULE);
    }
}
