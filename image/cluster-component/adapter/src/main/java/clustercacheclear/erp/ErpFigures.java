package clustercacheclear.erp;

import clustercacheclear.ClearLog;
import clustercacheclear.FiguresReport;

/** The one report of this JVM: the ERP makes senders and listeners apart, in no order. */
final class ErpFigures {
    private static FiguresReport shared;

    private ErpFigures() {
    }

    /** Seen by {@code node check}, and in the log. */
    static void fault(String what, Throwable cause) {
        String why = what + ": " + ClearLog.chain(cause);
        shared().fault(why);
        new ErpLog().warning("Cache clear: " + why);
    }

    /** What was wrong is right again. */
    static void noFault() {
        shared().fault(null);
    }

    /** Started at the first call. */
    static synchronized FiguresReport shared() {
        if (shared == null) {
            shared = new FiguresReport(System.getProperty(FiguresReport.FILE_PROPERTY), new ErpLog());
            shared.start();
        }
        return shared;
    }
}
